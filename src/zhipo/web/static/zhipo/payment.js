// A countdown to the end of the time to confirm, confirming in WeChat, and printing.
const MINUTE = 60_000;

function tick(box) {
  const minutes = Math.floor((new Date(box.dataset.until) - Date.now()) / MINUTE);
  const isOver = minutes < 0;
  box.textContent = isOver ? box.dataset.over : box.dataset.left.replace("{h}", Math.floor(minutes / 60)).replace("{m}", minutes % 60);
  return isOver;
}

document.querySelectorAll("[data-until]").forEach((box) => {
  if (tick(box)) return;
  const timer = setInterval(() => tick(box) && clearInterval(timer), MINUTE / 4);
});

// WeChat's own browser gives pages this bridge; elsewhere the words above the button help.
function offerConfirming() {
  document.querySelectorAll("[data-package]").forEach((button) => {
    const { merchant, app, package: content } = button.dataset;
    button.hidden = false;
    button.addEventListener("click", () => {
      WeixinJSBridge.invoke("requestMerchantTransfer", { mchId: merchant, appId: app, package: content }, ({ err_msg: told }) => {
        if (told === "requestMerchantTransfer:ok") location.reload();
        else button.parentElement.querySelector("[data-again]").hidden = false;
      });
    });
  });
}
if (typeof WeixinJSBridge === "undefined") document.addEventListener("WeixinJSBridgeReady", offerConfirming);
else offerConfirming();

document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});

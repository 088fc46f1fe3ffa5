"""The tables of the contract: which columns, of which kind (CONTRACTS, `zhipo review`)."""

from zhipo.engine.fields import Field, choice_kind, fen_kind, instant_kind, text_kind

EVENT_KINDS = ("top_up", "bonus", "consume", "refund")
CLASSES = (
    "secured",
    "expense",
    "common_benefit",
    "employee",
    "social_tax",
    "consumer",
    "ordinary",
    "punitive",
    "admin_fine",
    "criminal_fine",
)
STATES = ("confirmed", "provisional")

_TEXT = text_kind()

LEDGER = (
    Field("event_id", _TEXT),
    Field("holder_id", _TEXT),
    Field("at", instant_kind()),
    Field("kind", choice_kind(EVENT_KINDS)),
    Field("fen", fen_kind(minimum=0)),
)
"""Evidence ledger, the columns that review reads; others may stand beside them."""

ORDERS = (
    Field("order_id", _TEXT),
    Field("buyer_id", _TEXT),
    Field("at", instant_kind()),
    Field("fen", fen_kind(minimum=0)),
)
"""A platform's orders, for who buys and who comes back; `buyer_id` may be any pseudonym."""

CLAIMS = (
    Field("claim_id", _TEXT),
    Field("holder_id", _TEXT),
    Field("claimed_fen", fen_kind(minimum=1)),
    Field("filed_at", instant_kind()),
    Field("id_no", _TEXT, required=False),
    Field("payout_account", _TEXT, required=False),
)

HOLDERS = (
    Field("holder_id", _TEXT),
    Field("id_no", _TEXT, required=False),
)

REGISTER = (
    Field("claim_id", _TEXT),
    Field("class", choice_kind(CLASSES)),
    Field("fen", fen_kind(minimum=1)),
    Field("state", choice_kind(STATES), required=False, default="confirmed"),
)
"""Claims as `zhipo distribute` takes them."""

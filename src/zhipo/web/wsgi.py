"""What the web server runs."""

import os

from django.core.wsgi import get_wsgi_application

from zhipo.web.database_role import become_application
from zhipo.web.keeper import end_with_keeper

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhipo.web.settings")
application = get_wsgi_application()
become_application()
end_with_keeper()

"""What may be done with the public section."""

from accounts.permissions import Reach, grant

ORGANISATION = Reach.ORGANISATION

grant("site_section.section.change", "Изменение открытого раздела", curator=ORGANISATION, site_editor=ORGANISATION)

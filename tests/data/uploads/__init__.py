"""Files built in code: a corpus of bad uploads with the words of their refusal, and good ones that must pass."""

from tests.data.uploads.archives import BAD_ARCHIVES, GOOD_ARCHIVES
from tests.data.uploads.pictures import BAD_PICTURES, GOOD_PICTURES
from tests.data.uploads.plain import BAD_PLAIN, GOOD_PLAIN

BAD = {**BAD_PLAIN, **BAD_ARCHIVES, **BAD_PICTURES}
GOOD = {**GOOD_PLAIN, **GOOD_ARCHIVES, **GOOD_PICTURES}

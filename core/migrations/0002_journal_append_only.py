"""The database itself refuses to change or delete the history."""

from django.db import migrations

CREATE = """
CREATE FUNCTION core_journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Журнал только дополняется: записи нельзя изменить или удалить (%).', TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER core_journal_row BEFORE UPDATE OR DELETE ON core_journalentry
    FOR EACH ROW EXECUTE FUNCTION core_journal_refuse();
CREATE TRIGGER core_journal_table BEFORE TRUNCATE ON core_journalentry
    FOR EACH STATEMENT EXECUTE FUNCTION core_journal_refuse();
"""
DROP = """
DROP TRIGGER core_journal_table ON core_journalentry;
DROP TRIGGER core_journal_row ON core_journalentry;
DROP FUNCTION core_journal_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]

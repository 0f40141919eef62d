"""The database itself keeps signed addenda and given notices as they were, whatever code writes to it."""

from django.db import migrations

KEEP = """
CREATE FUNCTION mentorship_keep_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The card a paper lies on may change: two cards of one person become one.
    IF TG_OP = 'UPDATE' AND (
        to_jsonb(NEW) - 'participant_id' = to_jsonb(OLD) - 'participant_id'
        OR OLD.{ended} IS NULL AND NEW.{ended} IS NOT NULL
            AND to_jsonb(NEW) - '{ended}' - '{reason}' = to_jsonb(OLD) - '{ended}' - '{reason}'
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a recorded {name} is never changed or deleted: it can only be ended, once'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER {name}_is_kept BEFORE UPDATE OR DELETE ON mentorship_{name}
    FOR EACH ROW EXECUTE FUNCTION mentorship_keep_{name}();
"""
DROP = """
DROP TRIGGER {name}_is_kept ON mentorship_{name};
DROP FUNCTION mentorship_keep_{name}();
"""
ADDENDUM = {"name": "addendum", "ended": "ended_on", "reason": "end_reason"}
NOTICE = {"name": "notice", "ended": "revoked_on", "reason": "revoke_reason"}


class Migration(migrations.Migration):
    dependencies = [("mentorship", "0007_working_year")]

    operations = [
        migrations.RunSQL(KEEP.format(**ADDENDUM), DROP.format(**ADDENDUM)),
        migrations.RunSQL(KEEP.format(**NOTICE), DROP.format(**NOTICE)),
    ]

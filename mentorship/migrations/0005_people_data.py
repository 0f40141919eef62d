"""Frozen rows of the new tables, the one exception for merging two cards of a person, and earlier publications."""

from django.db import migrations

MERGING = "current_setting('portal.merging', true) = 'on'"

# Two cards of one person become one: the keys of people may follow, nothing else may change. Only the service that
# merges sets `portal.merging`, for its own transaction.
FUNCTIONS = """
CREATE OR REPLACE FUNCTION mentorship_keep_members() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.pair_id = OLD.pair_id AND (NEW.mentee_id = OLD.mentee_id {or_merging}) THEN
        RETURN NEW;
    END IF;
    IF EXISTS (
        SELECT 1 FROM mentorship_pair WHERE state IN ('active', 'closed') AND (
            (TG_OP <> 'DELETE' AND id = NEW.pair_id) OR (TG_OP <> 'INSERT' AND id = OLD.pair_id)
        )
    ) THEN
        RAISE EXCEPTION 'members of a pair fixed by an order are changed only by another order'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE OR REPLACE FUNCTION mentorship_keep_pair() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.direction_id, NEW.starts_on, NEW.organisation_id)
            IS DISTINCT FROM (OLD.direction_id, OLD.starts_on, OLD.organisation_id)
            OR (NEW.mentor_id <> OLD.mentor_id {and_not_merging})
            OR NEW.state NOT IN ('active', 'closed') THEN
        RAISE EXCEPTION 'a pair fixed by an order is history: it is neither deleted nor turned into another'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION mentorship_keep_consent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.withdrawn_on IS NULL AND NEW.withdrawn_on IS NOT NULL
            AND to_jsonb(NEW) - 'withdrawn_on' - 'withdrawal_reason'
                = to_jsonb(OLD) - 'withdrawn_on' - 'withdrawal_reason' THEN
        RETURN NEW;
    END IF;
    {follow}
    RAISE EXCEPTION 'a recorded consent is never changed or deleted: it can only be withdrawn, once'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
FOLLOW = f"""IF TG_OP = 'UPDATE' AND {MERGING}
            AND to_jsonb(NEW) - 'participant_id' = to_jsonb(OLD) - 'participant_id' THEN
        RETURN NEW;
    END IF;"""
WITH_MERGING = FUNCTIONS.format(or_merging=f"OR {MERGING}", and_not_merging=f"AND NOT COALESCE({MERGING}, false)", follow=FOLLOW)
WITHOUT_MERGING = FUNCTIONS.format(or_merging="", and_not_merging="", follow="")

KEEP_TEXT = """
CREATE FUNCTION mentorship_keep_consent_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a version of a consent is never changed or deleted: other words are the next version'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER consent_text_is_kept BEFORE UPDATE OR DELETE ON mentorship_consenttext
    FOR EACH ROW EXECUTE FUNCTION mentorship_keep_consent_text();
"""
DROP_TEXT = """
DROP TRIGGER consent_text_is_kept ON mentorship_consenttext;
DROP FUNCTION mentorship_keep_consent_text();
"""

KEEP_SNAPSHOT = """
CREATE FUNCTION mentorship_keep_snapshot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'order_id' = to_jsonb(OLD) - 'order_id' AND NOT EXISTS (
        SELECT 1 FROM orders_order WHERE id = OLD.order_id AND state = 'approved'
    ) THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' AND OLD.order_id IS NULL THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'a snapshot of a bank is frozen: another day is another snapshot'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER bank_snapshot_is_kept BEFORE UPDATE OR DELETE ON mentorship_banksnapshot
    FOR EACH ROW EXECUTE FUNCTION mentorship_keep_snapshot();
"""
DROP_SNAPSHOT = """
DROP TRIGGER bank_snapshot_is_kept ON mentorship_banksnapshot;
DROP FUNCTION mentorship_keep_snapshot();
"""

# What was allowed to be shown before resources were told apart was shown in the open section.
SECTION = """
ALTER TABLE mentorship_consent DISABLE TRIGGER consent_is_kept;
UPDATE mentorship_consent SET resources = '["section"]'
    WHERE kind = 'dissemination' AND answer = 'given' AND resources = '[]';
ALTER TABLE mentorship_consent ENABLE TRIGGER consent_is_kept;
"""


class Migration(migrations.Migration):
    dependencies = [("mentorship", "0004_people"), ("orders", "0001_initial")]

    operations = [
        migrations.RunSQL(WITH_MERGING, WITHOUT_MERGING),
        migrations.RunSQL(KEEP_TEXT, DROP_TEXT),
        migrations.RunSQL(KEEP_SNAPSHOT, DROP_SNAPSHOT),
        migrations.RunSQL(SECTION, migrations.RunSQL.noop),
    ]

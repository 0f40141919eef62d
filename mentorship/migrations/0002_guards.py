"""What the database itself keeps true of pairs and consents, whatever code writes to it."""

from django.db import migrations

COPIED = "mentor_id, direction_id, starts_on, ends_on, state"

# A member's copied columns are the pair's own: the key makes them equal and carries every change along, and lets
# nobody be added to a pair whose state is being changed at the same moment.
FOLLOW = f"""
CREATE UNIQUE INDEX pair_columns_of_members ON mentorship_pair (id, {COPIED});
ALTER TABLE mentorship_pairmember
    ADD CONSTRAINT pair_member_follows_its_pair FOREIGN KEY (pair_id, {COPIED})
    REFERENCES mentorship_pair (id, {COPIED}) ON UPDATE CASCADE;
"""
UNFOLLOW = """
ALTER TABLE mentorship_pairmember DROP CONSTRAINT pair_member_follows_its_pair;
DROP INDEX pair_columns_of_members;
"""

KEEP_MEMBERS = """
CREATE FUNCTION mentorship_keep_members() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.pair_id = OLD.pair_id AND NEW.mentee_id = OLD.mentee_id THEN
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
CREATE TRIGGER pair_members_are_kept BEFORE INSERT OR UPDATE OR DELETE ON mentorship_pairmember
    FOR EACH ROW EXECUTE FUNCTION mentorship_keep_members();
"""
DROP_MEMBERS = """
DROP TRIGGER pair_members_are_kept ON mentorship_pairmember;
DROP FUNCTION mentorship_keep_members();
"""

KEEP_PAIR = """
CREATE FUNCTION mentorship_keep_pair() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.mentor_id, NEW.direction_id, NEW.starts_on, NEW.organisation_id)
            IS DISTINCT FROM (OLD.mentor_id, OLD.direction_id, OLD.starts_on, OLD.organisation_id)
            OR NEW.state NOT IN ('active', 'closed') THEN
        RAISE EXCEPTION 'a pair fixed by an order is history: it is neither deleted nor turned into another'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER pair_in_force_is_kept BEFORE UPDATE OR DELETE ON mentorship_pair
    FOR EACH ROW WHEN (OLD.state IN ('active', 'closed')) EXECUTE FUNCTION mentorship_keep_pair();
"""
DROP_PAIR = """
DROP TRIGGER pair_in_force_is_kept ON mentorship_pair;
DROP FUNCTION mentorship_keep_pair();
"""

# Asked at the end of the transaction: approval moves the pairs and the order in one.
BY_APPROVED_ORDER = """
CREATE FUNCTION mentorship_pair_by_approved_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM mentorship_pair pair JOIN orders_order paper ON paper.id = pair.order_id
        WHERE pair.id = NEW.id AND pair.state IN ('active', 'closed') AND paper.state <> 'approved'
    ) THEN
        RAISE EXCEPTION 'a pair comes into force only by an approved order'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER pair_in_force_by_approved_order AFTER INSERT OR UPDATE ON mentorship_pair
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.state IN ('active', 'closed')) EXECUTE FUNCTION mentorship_pair_by_approved_order();
"""
DROP_BY_APPROVED_ORDER = """
DROP TRIGGER pair_in_force_by_approved_order ON mentorship_pair;
DROP FUNCTION mentorship_pair_by_approved_order();
"""

KEEP_CONSENT = """
CREATE FUNCTION mentorship_keep_consent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.withdrawn_on IS NULL AND NEW.withdrawn_on IS NOT NULL
            AND to_jsonb(NEW) - 'withdrawn_on' - 'withdrawal_reason'
                = to_jsonb(OLD) - 'withdrawn_on' - 'withdrawal_reason' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a recorded consent is never changed or deleted: it can only be withdrawn, once'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER consent_is_kept BEFORE UPDATE OR DELETE ON mentorship_consent
    FOR EACH ROW EXECUTE FUNCTION mentorship_keep_consent();
"""
DROP_CONSENT = """
DROP TRIGGER consent_is_kept ON mentorship_consent;
DROP FUNCTION mentorship_keep_consent();
"""


class Migration(migrations.Migration):
    dependencies = [("mentorship", "0001_initial"), ("orders", "0001_initial")]

    operations = [
        migrations.RunSQL(FOLLOW, UNFOLLOW),
        migrations.RunSQL(KEEP_MEMBERS, DROP_MEMBERS),
        migrations.RunSQL(KEEP_PAIR, DROP_PAIR),
        migrations.RunSQL(BY_APPROVED_ORDER, DROP_BY_APPROVED_ORDER),
        migrations.RunSQL(KEEP_CONSENT, DROP_CONSENT),
    ]

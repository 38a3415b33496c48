"""Who tabled or signed a motion, in the order of the register: a member's motions are found page by page.

Revision ID: 0032
Revises: 0031
Create Date: 2026-11-29
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "motions_sponsor",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["council_member.id"], name=op.f("fk_motions_sponsor_member_id_council_member")
        ),
        sa.ForeignKeyConstraint(
            ["motion_id"], ["motions_motion.id"], name=op.f("fk_motions_sponsor_motion_id_motions_motion")
        ),
        sa.PrimaryKeyConstraint("member_id", "place", name=op.f("pk_motions_sponsor")),
        sa.UniqueConstraint("motion_id", "member_id", name=op.f("uq_motions_sponsor_motion_id_member_id")),
    )
    op.execute(
        "INSERT INTO motions_sponsor (member_id, place, motion_id)"
        " SELECT motion.author_id, known.place, motion.id FROM motions_motion AS motion"
        " JOIN motions_folded AS known ON known.motion_id = motion.id"
        " UNION SELECT signed.member_id, known.place, signed.motion_id FROM motions_signature AS signed"
        " JOIN motions_folded AS known ON known.motion_id = signed.motion_id"
        " JOIN motions_text AS words ON words.motion_id = signed.motion_id AND words.digest = signed.digest"
        " WHERE words.public_on IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_table("motions_sponsor")

"""Pages about accounts: the administrator's list, one's own account, invitations, and the way out.

Signing in itself, the second factor and password changes are Flask-Security's views (see ``security``).
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security.utils import logout_user
from flask_security.views import two_factor_token_validation

from accounts import permissions, queries, rules, services
from accounts.access import acting, granted, person, public, requires, signed_in
from accounts.forms import (
    DepartmentForm,
    FirstPasswordForm,
    ForgottenForm,
    InviteForm,
    LanguageForm,
    RolesForm,
    show_errors,
)
from accounts.messages import FLASK_SECURITY, TOO_MANY_TRIES
from accounts.permissions import manage_accounts, read_elections, read_workbench, use_members_desk
from core import limits
from core.errors import DomainError, NotFound
from core.i18n import language
from core.wording import explain

blueprint = Blueprint("accounts", __name__, url_prefix="/office")


# Administrators -----------------------------------------------------------------------------------------------------


@blueprint.get("/accounts")
@requires(manage_accounts)
def list_accounts() -> ResponseReturnValue:
    """Everybody who can sign in, was invited, or no longer may."""
    return render_template("accounts/list.html", accounts=queries.list_accounts())


@blueprint.route("/accounts/invite", methods=["GET", "POST"])
@requires(manage_accounts)
def invite_account() -> ResponseReturnValue:
    form = InviteForm()
    form.offer(queries.list_departments())
    if not form.is_submitted():
        form.language.data = language()
    elif form.validate():
        try:
            services.invite_account(
                acting(manage_accounts),
                email=form.email.data or "",
                name=form.name.data or "",
                roles=form.roles.data or [],
                department_id=form.department_id,
                language=form.language.data or "",
            )
        except DomainError as error:
            show_errors(form, error)
        else:
            flash(_("The invitation to %(name)s is on its way.", name=form.name.data), "success")
            return redirect(url_for("accounts.list_accounts"))
    return _page("accounts/invite.html", form=form)


@blueprint.get("/accounts/<int(max=2147483647):account_id>")
@requires(manage_accounts)
def show_account(account_id: int) -> ResponseReturnValue:
    return _show_account(queries.get_account(account_id))


@blueprint.post("/accounts/<int(max=2147483647):account_id>/change-roles")
@requires(manage_accounts)
def change_roles(account_id: int) -> ResponseReturnValue:
    form = RolesForm()
    form.offer_roles()
    if form.validate():
        try:
            services.change_roles(acting(manage_accounts), account_id, form.roles.data or [])
        except DomainError as error:
            show_errors(form, error)
        else:
            return _done(account_id, _("The roles are changed. The person signs in again to use them."))
    return _show_account(queries.get_account(account_id), roles_form=form)


@blueprint.post("/accounts/<int(max=2147483647):account_id>/change-department")
@requires(manage_accounts)
def change_department(account_id: int) -> ResponseReturnValue:
    form = DepartmentForm()
    form.offer_departments(queries.list_departments())
    if not form.validate():
        return _show_account(queries.get_account(account_id), department_form=form)
    services.change_department(acting(manage_accounts), account_id, form.department_id)
    return _done(account_id, _("The department is changed."))


@blueprint.post("/accounts/<int(max=2147483647):account_id>/disable")
@requires(manage_accounts)
def disable_account(account_id: int) -> ResponseReturnValue:
    services.disable_account(acting(manage_accounts), account_id)
    return _done(account_id, _("The account is disabled, and the person is signed out."))


@blueprint.post("/accounts/<int(max=2147483647):account_id>/enable")
@requires(manage_accounts)
def enable_account(account_id: int) -> ResponseReturnValue:
    services.enable_account(acting(manage_accounts), account_id)
    return _done(account_id, _("The person can sign in again."))


@blueprint.post("/accounts/<int(max=2147483647):account_id>/reset-second-factor")
@requires(manage_accounts)
def reset_second_factor(account_id: int) -> ResponseReturnValue:
    services.reset_second_factor(acting(manage_accounts), account_id)
    return _done(
        account_id, _("The second factor is gone. The person sets up a new one at the next sign-in.")
    )


@blueprint.post("/accounts/<int(max=2147483647):account_id>/renew-invitation")
@requires(manage_accounts)
def renew_invitation(account_id: int) -> ResponseReturnValue:
    services.renew_invitation(acting(manage_accounts), account_id)
    return _done(account_id, _("A new invitation is on its way. The old link no longer works."))


def _show_account(
    account: queries.AccountLine,
    roles_form: RolesForm | None = None,
    department_form: DepartmentForm | None = None,
) -> ResponseReturnValue:
    if roles_form is None:
        roles_form = RolesForm(formdata=None, roles=[role.value for role in account.roles])
        roles_form.offer_roles()
    if department_form is None:
        department_form = DepartmentForm(formdata=None, department=str(account.department_id or ""))
        department_form.offer_departments(queries.list_departments())
    return _page(
        "accounts/account.html",
        account=account,
        roles_form=roles_form,
        department_form=department_form,
        own=person().id == account.id,
    )


def _done(account_id: int, sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for("accounts.show_account", account_id=account_id))


def _page(template: str, **context: object) -> ResponseReturnValue:
    """A page; status 422 when a form on it was refused."""
    refused = any(getattr(value, "errors", None) for value in context.values())
    return render_template(template, **context), 422 if refused else 200


# Everybody ----------------------------------------------------------------------------------------------------------


@blueprint.get("/begin")
@requires(permissions.own_account)
def begin() -> ResponseReturnValue:
    """After signing in: on to one's work, in one's language unless the address names another."""
    if granted(read_workbench):
        page = "/office/"
    elif granted(use_members_desk):
        page = "/office/motions/"
    elif granted(read_elections):
        page = "/office/elections/"
    elif granted(manage_accounts):
        page = "/office/accounts"
    else:
        page = "/office/account"
    return redirect((request.script_root or f"/{person().language}") + page)


@blueprint.route("/account", methods=["GET", "POST"])
@requires(permissions.own_account)
def own_account() -> ResponseReturnValue:
    """One's own account: language, and the ways to password and second factor."""
    account = person()
    form = LanguageForm(language=account.language)
    form.offer_languages()
    if form.is_submitted() and form.validate():
        try:
            services.change_language(account.id, form.language.data or "")
        except DomainError as error:
            show_errors(form, error)
        else:
            flash(_("Your language is changed."), "success")
            return redirect(f"/{form.language.data}{request.path}")
    return _page("accounts/profile.html", form=form, account=queries.get_account(account.id))


@blueprint.post("/sign-out")
@requires(permissions.own_account)
def sign_out() -> ResponseReturnValue:
    """End every session of this account, on every computer."""
    services.end_sessions(person().id)
    logout_user()
    flash(_("You are signed out, on every computer."), "success")
    return redirect(url_for("security.login"))


@blueprint.route("/invitation/<token>", methods=["GET", "POST"])
@public
def accept_invitation(token: str) -> ResponseReturnValue:
    """Choose the first password, by the link of the invitation."""
    form = FirstPasswordForm()
    try:
        name = queries.invited_name(token)
        if form.is_submitted() and form.validate():
            services.accept_invitation(token, form.password.data or "")
            flash(_("Your password is set. Sign in with it."), "success")
            return redirect(url_for("security.login"))
    except NotFound:
        return render_template("accounts/no_invitation.html", reason=_("This link does not work.")), 404
    except DomainError as error:
        if not any(single.code.startswith("password_") for single in error.all()):
            return render_template("accounts/no_invitation.html", reason=explain(error)), 410
        show_errors(form, error)
    return _page("accounts/invitation.html", form=form, name=name)


def confirm_code() -> ResponseReturnValue:
    """The second factor's code between password and work; whoever is signed in already goes on."""
    if signed_in() is not None:
        return redirect(url_for("accounts.begin"))
    return two_factor_token_validation()


def forgot_password() -> ResponseReturnValue:
    """Ask for a link to a new password. The answer is the same whether the address has an account or not."""
    form = ForgottenForm()
    if form.is_submitted():
        if not limits.allow("reset", request.remote_addr or ""):
            form.form_errors.append(str(TOO_MANY_TRIES))
            return render_template("security/forgot_password.html", form=form), 429
        if form.validate():
            email = rules.read_email(form.email.data or "")
            if limits.allow("reset", email):
                services.request_reset(email)
            message, category = FLASK_SECURITY["PASSWORD_RESET_REQUEST"]
            flash(str(message), category)
            return redirect(url_for("security.login"))
    return _page("security/forgot_password.html", form=form)

"""What an employer reads by his link, without account: only what she ticked (REQ-211)."""

from models.liaison.reading import for_employer
from models.liaison.sheet import EmployerLink
from models.prescriptions.mover import SERVICE

from ..access import open_to_all
from ..pages import render_page
from .views import blueprint


@blueprint.get("/liaison/<token>")
@open_to_all
def employer(token):
    """Each reading leaves its line in her journal; a link that opens nothing says who to ask."""
    link = EmployerLink.of_token(token)
    if link is None:
        return render_page("liaison/no_link.html", status=404, is_known=False)
    if not link.opens:
        return render_page("liaison/no_link.html", status=410, is_known=True)
    link.sheet.read_by(SERVICE)
    return render_page("liaison/employer.html", shown=for_employer(link.sheet))

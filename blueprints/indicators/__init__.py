from .views import blueprint as blueprint

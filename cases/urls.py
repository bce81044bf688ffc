"""Addresses of reader pages, below the language."""

from django.urls import path, re_path, register_converter
from django.urls.converters import StringConverter

from cases.views import (
    about,
    cards,
    changes,
    charts,
    compare,
    data,
    embeds,
    errors,
    feeds,
    files,
    history,
    lineage,
    lists,
    preview,
    report,
    search,
    series,
    texts,
)


class KeyConverter(StringConverter):
    """The key of a series, or what could be taken for one: the database takes no NUL."""

    regex = r"[^/\0]+"


register_converter(KeyConverter, "key")

app_name = "cases"

# A text's charts, its card and its frames, by where its page is.
TEXTS = (
    ("cases/<slug:slug>/", "embed/cases/<slug:slug>/", {"kind": "case"}),
    ("technologies/<slug:slug>/", "embed/technologies/<slug:slug>/", {"kind": "technology"}),
    ("overview/", "embed/overview/", {"kind": "overview", "slug": "overview"}),
)
DRAWN = [
    route
    for at, frame, of in TEXTS
    for kind in [of["kind"]]
    for route in (
        path(f"{at}charts/<slug:name>.svg", charts.text, of | {"form": "svg"},
             name=f"{kind}-chart-svg"),
        path(f"{at}charts/<slug:name>.png", charts.text, of | {"form": "png"},
             name=f"{kind}-chart-png"),
        path(f"{at}card.png", cards.text, of, name=f"{kind}-card"),
        path(f"{frame}<slug:name>/", embeds.text, of, name=f"{kind}-chart-embed"),
        path(frame, embeds.text, of, name=f"{kind}-embed"),
    )
]  # fmt: skip
FORM = "(?P<form>csv|xlsx|json|zip)"

urlpatterns = [
    path("", lists.home, name="home"),
    path("cases/", lists.cases, name="cases"),
    path("cases/<slug:slug>/", texts.case, name="case"),
    *(
        path(f"{at}<slug:slug>.{form}", texts.citation, {"form": form, "kind": kind}, name=name)
        for form in ("bib", "ris")
        for at, kind, name in (
            ("cases/", "case", f"case-{form}"),
            ("technologies/", "technology", f"technology-{form}"),
        )
    ),
    *(
        re_path(rf"^{at}(?P<slug>[-\w]+)\.{FORM}$", files.text, {"kind": kind}, name=f"{name}-file")
        for at, kind, name in (
            ("cases/", "case", "case"),
            ("technologies/", "technology", "technology"),
        )
    ),
    path("cases/<slug:slug>/history/", history.case, name="case-history"),
    path("technologies/", lists.technologies, name="technologies"),
    path("technologies/<slug:slug>/", texts.technology, name="technology"),
    path("technologies/<slug:slug>/history/", history.technology, name="technology-history"),
    path("overview/", texts.overview, name="overview"),
    re_path(
        rf"^(?P<slug>overview)\.{FORM}$", files.text, {"kind": "overview"}, name="overview-file"
    ),
    path("overview/history/", history.overview, name="overview-history"),
    path("preview/<slug:slug>/", preview.preview, name="preview"),
    path("entities/", data.entities, name="entities"),
    path("entities/<slug:slug>/", data.entity, name="entity"),
    path("series/", data.series_list, name="series-list"),
    path("series/<key:key>/", series.series, name="series"),
    re_path(rf"^series/(?P<key>[^/\0]+)\.{FORM}$", files.series, name="series-file"),
    *(
        path(f"series/<key:key>.{form}", series.citation, {"form": form}, name=f"series-{form}")
        for form in ("bib", "ris")
    ),
    path("series/<key:key>/lineage/", lineage.lineage, name="lineage"),
    path("series/<key:key>/chart.svg", charts.series, {"form": "svg"}, name="series-chart-svg"),
    path("series/<key:key>/chart.png", charts.series, {"form": "png"}, name="series-chart-png"),
    path("series/<key:key>/card.png", cards.series, name="series-card"),
    path("embed/series/<key:key>/", embeds.series, name="series-chart-embed"),
    path("compare/", compare.compare, name="compare"),
    path("compare/chart.svg", charts.compared, {"form": "svg"}, name="compare-chart-svg"),
    path("compare/chart.png", charts.compared, {"form": "png"}, name="compare-chart-png"),
    *DRAWN,
    path("card.png", cards.site, name="card"),
    path("sources/<slug:slug>/", data.source, name="source"),
    path("search/", search.search_page, name="search"),
    path("methods/", data.methods, name="methods"),
    path("releases/", changes.releases, name="releases"),
    path("releases/<int:seq>/", changes.release, name="release"),
    path("corrections/", changes.corrections, name="corrections"),
    path("feeds/releases.atom", feeds.site, name="feed"),
    path("feeds/cases/<slug:slug>.atom", feeds.case, name="case-feed"),
    path("feeds/technologies/<slug:slug>.atom", feeds.technology, name="technology-feed"),
    path("feeds/entities/<slug:slug>.atom", feeds.entity, name="entity-feed"),
    path("feeds/series/<key:key>.atom", feeds.series, name="series-feed"),
    path("report/", report.report, name="report"),
    path("report/sent/", report.reported, name="reported"),
    path("about/", about.about, name="about"),
    path("licence/", about.licence, name="licence"),
    # With a slash at the end only, so that an address without one is still led to the page; and
    # without a dot, so that nobody is led from /robots.txt to a language.
    re_path(r"^(?P<rest>[^.]+)/$", errors.unknown_address),
]

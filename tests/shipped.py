"""Every kind of page of the site, as addresses of the shipped content."""

LANGUAGES = ("zh-hans", "en")
# Below a language; each kind once, and the variants that look different.
PAGES = (
    "",
    "cases/",
    "cases/?q=bank",
    "cases/webank/",
    "cases/webank/?as_of=1",
    "cases/east-money/",
    "cases/webank/history/",
    "technologies/",
    "technologies/big-data/",
    "technologies/big-data/history/",
    "overview/",
    "overview/history/",
    "entities/",
    "entities/webank/",
    "series/",
    "series/webank.registered-users/",
    "series/china-internet.wealth-users/",
    "series/china-internet.wealth-users/?as_of=1",
    "series/china-internet.wealth-users/lineage/?period=2017",
    "compare/",
    "compare/?s=webank.npl-ratio~banking-industry.npl-ratio",
    "compare/?s=webank.registered-users~webank.npl-ratio",
    "series/china-internet.wealth-users/?units=pc1",
    "embed/series/china-internet.wealth-users/",
    "embed/cases/webank/chart-1/",
    "embed/cases/webank/milestones/",
    "embed/cases/webank/chart-1/?as_of=1&theme=dark",
    "sources/cnnic-43/",
    "search/",
    "search/?q=webank",
    "search/?q=webnak",
    "methods/",
    "releases/",
    "releases/1/",
    "corrections/",
    "report/?text=webank",
    "about/",
    "licence/",
)
FAULTY = ("nowhere/", "cases/nowhere/", "cases/?page=x", "series/?q=" + "x" * 500)


def addresses(pages: tuple[str, ...] = PAGES) -> list[str]:
    return [f"/{language}/{page}" for page in pages for language in LANGUAGES]

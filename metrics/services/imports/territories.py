"""Codes of three letters: countries by ISO 3166, and the groups of countries that publishers add.

A code that is neither is taken for a group of countries: a sum must not count it twice.
"""

from functools import lru_cache

from babel import Locale
from babel.core import get_global

# Economies without a code of ISO 3166 of their own. Kosovo has a code for users (XKX); the
# Channel Islands are two dependencies that publishers count as one economy and no other holds.
_ECONOMIES = {
    "XKX": ("kosovo", "科索沃", "Kosovo"),
    "CHI": ("channel-islands", "海峡群岛", "Channel Islands"),
}
# Groups of the World Bank by code, in Chinese; their English names are in its files.
GROUPS_IN_CHINESE = {
    "AFE": "非洲东部和南部",
    "AFW": "非洲西部和中部",
    "ARB": "阿拉伯世界",
    "CEB": "中欧和波罗的海",
    "CSS": "加勒比小国",
    "EAP": "东亚与太平洋(不包括高收入)",
    "EAR": "人口红利早期",
    "EAS": "东亚与太平洋",
    "ECA": "欧洲与中亚(不包括高收入)",
    "ECS": "欧洲与中亚",
    "EMU": "欧元区",
    "EUU": "欧盟",
    "FCS": "脆弱和受冲突影响局势",
    "HIC": "高收入",
    "HPC": "重债穷国",
    "IBD": "仅 IBRD",
    "IBT": "IDA 与 IBRD 合计",
    "IDA": "IDA 合计",
    "IDB": "IDA 混合",
    "IDX": "仅 IDA",
    "LAC": "拉丁美洲与加勒比(不包括高收入)",
    "LCN": "拉丁美洲与加勒比",
    "LDC": "最不发达国家(联合国分类)",
    "LIC": "低收入",
    "LMC": "中低收入",
    "LMY": "中低及低收入",
    "LTE": "人口红利晚期",
    "MEA": "中东与北非",
    "MIC": "中等收入",
    "MNA": "中东与北非(不包括高收入)",
    "NAC": "北美",
    "OED": "经合组织成员",
    "OSS": "其他小国",
    "PRE": "人口红利之前",
    "PSS": "太平洋岛屿小国",
    "PST": "人口红利之后",
    "SAS": "南亚",
    "SSA": "撒哈拉以南非洲(不包括高收入)",
    "SSF": "撒哈拉以南非洲",
    "SST": "小国",
    "TEA": "东亚与太平洋(IDA 与 IBRD)",
    "TEC": "欧洲与中亚(IDA 与 IBRD)",
    "TLA": "拉丁美洲与加勒比(IDA 与 IBRD)",
    "TMN": "中东与北非(IDA 与 IBRD)",
    "TSA": "南亚(IDA 与 IBRD)",
    "TSS": "撒哈拉以南非洲(IDA 与 IBRD)",
    "UMC": "中高收入",
    "WLD": "世界",
}
COUNTRY, AGGREGATE = "country", "aggregate"


@lru_cache(maxsize=1)
def _locales() -> tuple[Locale, Locale]:
    return Locale("en"), Locale.parse("zh_Hans")


def territory(code: str) -> tuple[str, str, str] | None:
    """English name (as a base for a slug), Chinese name, English name; None for no country."""
    if code in _ECONOMIES:
        return _ECONOMIES[code]
    aliases = get_global("territory_aliases").get(code)
    if not aliases:
        return None
    english, chinese = (locale.territories.get(aliases[0]) for locale in _locales())
    return (english, chinese, english) if english and chinese else None

"""What invented departments do: subjects of indicators with the figures that suit them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Subject:
    """An indicator to be filled: `range` of its target, in units of its last decimal."""

    level1: str
    level2: str
    name: str
    kind: str
    sign: str = ""
    unit: str = ""
    range: tuple[int, int] = (1, 1)
    places: int = 0
    words: str = ""


_OUTPUT, _BENEFIT, _SATISFIED = "产出指标", "效益指标", "满意度指标"

SUBJECTS: Final = (
    Subject(_OUTPUT, "数量指标", "改造老旧管网长度", "at_least", "≥", "公里", (20, 400)),
    Subject(_OUTPUT, "数量指标", "更换智能水表", "at_least", "≥", "只", (800, 5000)),
    Subject(_OUTPUT, "数量指标", "开展业务培训", "unsigned", "", "期", (4, 30)),
    Subject(_OUTPUT, "数量指标", "印发宣传资料", "at_least", "≥", "份", (1000, 90000)),
    Subject(_OUTPUT, "数量指标", "新建泵站", "equal", "=", "座", (3, 19)),
    Subject(_OUTPUT, "数量指标", "补助困难家庭", "at_least", "≥", "户", (60, 900)),
    Subject(_OUTPUT, "质量指标", "工程验收合格率", "equal", "=", "%", (100, 100)),
    Subject(_OUTPUT, "质量指标", "培训考核合格率", "at_least", "≥", "%", (85, 98)),
    Subject(_OUTPUT, "质量指标", "资料归档完整率", "at_least", "≥", "%", (90, 99)),
    Subject(_OUTPUT, "时效指标", "按期完工率", "at_least", "≥", "%", (90, 98)),
    Subject(_OUTPUT, "时效指标", "项目完成时间", "deadline"),
    Subject(_OUTPUT, "时效指标", "补助资金发放及时率", "equal", "=", "%", (100, 100)),
    Subject(_OUTPUT, "成本指标", "每公里改造造价", "at_most", "≤", "万元", (80, 300)),
    Subject(_OUTPUT, "成本指标", "人均培训成本", "at_most", "≤", "元", (400, 1500)),
    Subject(_OUTPUT, "成本指标", "设备采购总成本", "at_most", "≤", "万元", (1200, 9900), 1),
    Subject(_BENEFIT, "经济效益指标", "减少漏损水量", "at_least", "≥", "万吨", (30, 400)),
    Subject(_BENEFIT, "经济效益指标", "带动农户增收", "at_least", "≥", "万元", (100, 3000)),
    Subject(_BENEFIT, "社会效益指标", "居民用水条件", "qualitative", words="改善"),
    Subject(_BENEFIT, "社会效益指标", "政策知晓率", "at_least", "≥", "%", (80, 95)),
    Subject(_BENEFIT, "社会效益指标", "重大安全事故", "zero", "=", "起", (0, 0)),
    Subject(_BENEFIT, "生态效益指标", "河道水质达标率", "at_least", "≥", "%", (85, 98)),
    Subject(_BENEFIT, "生态效益指标", "周边生态环境", "qualitative", words="持续改善"),
    Subject(_BENEFIT, "可持续影响指标", "供水保障能力", "qualitative", words="有效提升"),
    Subject(_BENEFIT, "可持续影响指标", "长效管护机制", "qualitative", words="建立健全"),
    Subject(_SATISFIED, "服务对象满意度指标", "居民满意度", "at_least", "≥", "%", (85, 96)),
    Subject(_SATISFIED, "服务对象满意度指标", "参训人员满意度", "at_least", "≥", "%", (85, 96)),
)
"""In the order of levels: a form prints its choice so."""

DEPARTMENTS: Final = (
    "云梦泽市水务局",
    "云梦泽市农业农村局",
    "青岚县教育体育局",
    "青岚县林业局",
    "白鹭区住房和城乡建设局",
    "白鹭区卫生健康委员会",
    "松涛市文化和旅游局",
    "松涛市市场监督管理局",
    "石门镇人民政府",
)
PROJECTS: Final = (
    "老旧管网改造项目",
    "2024年市级农业发展专项资金",
    "义务教育营养改善计划",
    "业务培训与宣传经费",
    "农村饮水安全维修养护",
    "森林防火应急物资购置",
    "基本公共卫生服务补助",
    "文物保护专项经费",
)

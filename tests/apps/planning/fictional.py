"""A plan of a county that does not exist, laid out in Word as many offices do: styles, framed boxes, merged cells."""

import io

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

HEADER = ("指标", "单位", "2025年基数", "2030年目标", "属性")
INDICATORS = (
    ("一、参保",), ("1.城乡居民养老保险参保人数", "万人", "18.2", "19", "预期性"),
    ("2.失业保险参保人数", "万人", "6.3", "7.5", "约束性"),
    ("二、服务",), ("3.社会保障卡申领率", "%", "91", "98以上", "预期性"), ("4.办事平均用时", "天", "7", "不超过3", "约束性"),
)


def shipu(saved: int = 0) -> bytes:
    """The .docx of 石浦县's plan; `saved` counts the times somebody saved it anew."""
    book = docx.Document()
    book.core_properties.revision = saved + 1
    book.add_heading("石浦县人力社保事业“十五五”规划", 0)
    book.add_heading("工作回顾", 1)
    book.add_paragraph("五年来，全县新增就业4.1万人次，失业保险参保6.3万人。")
    book.add_heading("发展目标", 1)
    book.add_paragraph("到2030年，建成县级人力资源市场1个、乡镇分市场14个；每年为企业送岗位不少于9000个。")
    _table(book, HEADER, INDICATORS)
    book.add_heading("主要任务", 1)
    book.add_heading("就业", 2)
    book.add_paragraph("年均培训农村转移劳动力3200人次，培训合格率达到90%以上。")
    frame = book.add_table(rows=1, cols=1).rows[0].cells[0]
    frame.paragraphs[0].text = "专栏1 返乡创业行动"
    frame.add_paragraph("1.扶持。五年累计发放创业担保贷款1.5亿元。")
    frame.add_paragraph("2.场所。2027年建成返乡创业园2家，入驻企业达到60家。")
    book.add_heading("服务", 2)
    book.add_paragraph("社会保障卡申领率达到95%，办事平均用时压减到3天以内。")
    book.add_heading("附件1", 1)
    book.add_paragraph("重点项目表")
    _table(book, ("序号", "项目名称", "建设内容", "起止年限", "责任单位"), (
        ("1", "县人力资源市场", "1.改建大厅2000平方米；2.设自助区", "2026—2027年", "就业中心"),
    ))
    _text_box(book.paragraphs[0], "图中另有说明12项")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _table(book, header, rows) -> None:
    table = book.add_table(rows=1, cols=len(header))
    for cell, words in zip(table.rows[0].cells, header, strict=True):
        cell.text = words
    for row in rows:
        cells = table.add_row().cells
        if len(row) == 1:
            cells[0].merge(cells[-1]).text = row[0]
            continue
        for cell, words in zip(cells, row, strict=True):
            cell.text = words


def _text_box(paragraph, words: str) -> None:
    content, inner, run, text = (OxmlElement(name) for name in ("w:txbxContent", "w:p", "w:r", "w:t"))
    text.text = words
    run.append(text)
    inner.append(run)
    content.append(inner)
    holder = OxmlElement("w:r")
    holder.append(content)
    paragraph._p.append(holder)
    assert holder.find(qn("w:txbxContent")) is not None

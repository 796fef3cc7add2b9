"""Written: small DOCX and PDF files made by code, so that no binary file lies in the repository."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>
</Types>"""
_RELATIONS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Target="word/document.xml"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>
</Relationships>"""
_CORE = """<?xml version="1.0" encoding="UTF-8"?>
<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">
<dc:title>{title}</dc:title><dc:creator>{owner}</dc:creator><dcterms:modified>{day}T10:00:00Z</dcterms:modified>
</cp:coreProperties>"""


def docx(
    paragraphs: Sequence[tuple[str, str]],
    title: str = "",
    owner: str = "",
    day: str = "2026-05-01",
    parts: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """A Word document of (style, text) paragraphs, the style being `Heading1`, `Heading2` … or empty."""
    made = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{escape(text)}</w:t></w:r></w:p>'
        if style
        else f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"
        for style, text in paragraphs
    )
    document = f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{_W}"><w:body>{made}</w:body></w:document>'
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{n}"><w:name w:val="heading {n}"/></w:style>'
        for n in range(1, 7)
    )
    whole: dict[str, str | bytes] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS,
        "word/document.xml": document,
        "word/styles.xml": f'<w:styles xmlns:w="{_W}">{styles}</w:styles>',
        "docProps/core.xml": _CORE.format(title=escape(title), owner=escape(owner), day=day),
        **(parts or {}),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in whole.items():
            archive.writestr(name, content)
    return file.getvalue()


def pdf(
    pages: Sequence[Sequence[tuple[str, int]]],
    title: str = "",
    author: str = "",
    outline: Sequence[tuple[str, int]] = (),
    encrypted: bool = False,
) -> bytes:
    """A PDF of pages of (line, size of letters); `outline` are (title, number of the page from 0)."""
    objects: list[bytes] = []

    def add(content: str | bytes) -> int:
        objects.append(content if isinstance(content, bytes) else content.encode("latin-1"))
        return len(objects)

    add("")  # 1: the catalog, written last
    add("")  # 2: the tree of pages
    font = add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    places = []
    for page in pages:
        commands, height = ["BT"], 780
        for text, size in page:
            shown = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
            commands.append(f"/F1 {size} Tf 1 0 0 1 50 {height} Tm ({shown}) Tj")
            height -= 2 * size
        stream = "\n".join([*commands, "ET"]).encode("latin-1", "replace")
        content = add(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream))
        places.append(
            add(
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {content} 0 R"
                f" /Resources << /Font << /F1 {font} 0 R >> >> >>"
            )
        )
    kids = " ".join(f"{place} 0 R" for place in places)
    objects[1] = f"<< /Type /Pages /Count {len(places)} /Kids [{kids}] >>".encode()
    catalog = "<< /Type /Catalog /Pages 2 0 R"
    if outline:
        root = len(objects) + 1
        add("")
        first = len(objects) + 1
        for at, (name, page_number) in enumerate(outline):
            after = f" /Next {first + at + 1} 0 R" if at + 1 < len(outline) else ""
            add(f"<< /Title ({name}) /Parent {root} 0 R /Dest [{places[page_number]} 0 R /Fit]{after} >>")
        last = len(objects)
        objects[root - 1] = f"<< /Count {len(outline)} /First {first} 0 R /Last {last} 0 R >>".encode()
        catalog += f" /Outlines {root} 0 R"
    objects[0] = f"{catalog} >>".encode()
    said = add(f"<< /Title ({title}) /Author ({author}) /ModDate (D:20260501100000Z) >>")
    lock = add(
        f"<< /Filter /Standard /V 1 /R 2 /O <{'a' * 64}> /U <{'b' * 64}> /P -4 >>"
    ) if encrypted else 0  # fmt: skip
    file = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(file))
        file += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in offsets:
        file += b"%010d 00000 n \n" % place
    secret = f" /Encrypt {lock} 0 R /ID [<{'c' * 32}> <{'c' * 32}>]" if lock else ""
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info {said} 0 R{secret} >>\n"
    file += f"{trailer}startxref\n{table}\n%%EOF\n".encode()
    return bytes(file)

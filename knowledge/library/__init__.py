"""The sample guidelines of Lumo, a fictional short-video platform: one Markdown file for each version of a document.

Nothing here describes or quotes content. Cases are sets of abstract factors (actor, other, surface, act, context,
claims); whatever is outside labelling appears only as the escalation route.

To add a document or a version:

1. Name the file `<id>-<version>.md`. The front matter has exactly the keys id, title, version (a string), effective
   (an ISO date), owner, sensitivity (general, internal or restricted) and scope (policy ids, or all).
2. Number the headings, `## 1 Heading` and `### 1.1 Heading`. Text stands only under the latter, 40 to 160 words, and
   its first sentence is the rule, so that it can be quoted alone.
3. Refer to other sections by document title and number. Keep the old file beside a new version and say in a section
   called Changes in this version what is a rule change, an addition or editorial.
4. Run `pytest tests/knowledge/test_library.py`, then `steward knowledge add` on the folder.
"""

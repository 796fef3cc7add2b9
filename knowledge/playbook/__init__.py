"""The method playbook: one card for each thing a team can do about a weakness in training data or in a measurement.

A card is advice on method for a team that owns safety classifiers. Techniques are named and measured by rates, never
shown: no list of words, no example of content, no recipe for harmful text (R1, R4).

To add or change a card:

1. Name the file `<slug>.md`. The front matter has exactly the keys id (`method-<slug>`, never changed), title, version
   (a string), effective (an ISO date), owner, sensitivity (general) and scope ([methods]).
2. Write the six sections under exactly these headings, without numbers: What it is, When it helps, When it does not,
   What it costs, How to know that it worked, Reference. 150 to 300 words together. The first sentence of each section
   stands alone, for it is what an answer quotes.
3. How to know that it worked says what to measure: k of n with an interval, by slice, a paired test on the same items,
   and FPR beside recall.
4. Name author, year, title and venue of a reference, or write: Common practice; no source named.
5. Add four to eight everyday questions to `questions.yaml`, in words of somebody who does not know the method's name.
6. A cause of `tools/gaps` names a card by its title; `tools/gaps/cards.py` ties the title to the id.
7. Run `pytest tests/knowledge/test_playbook.py`, then `steward knowledge add` on the folder.
"""

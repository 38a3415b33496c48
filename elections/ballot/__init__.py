"""The secret ballot: the Belenios protocol, version 1, as pure functions over bytes and numbers.

Every message, hash, check, key and role is described in ``docs/ballot.md``; the specification is that of Belenios 2.0,
with threshold trustees in the form of 3.0. Nothing here knows a database, the web, a clock or a language.

Words: an **election** is its questions and the **public key** that **trustees** made together. A voter's **code** gives a
secret exponent; its power of the generator is the **credential** that everybody sees. A **ballot** holds one
**ciphertext** for each answer, **proofs** that they keep the rules, and a **signature** by the credential. The
**encrypted tally** is the product of all ballots that count; each trustee gives a **partial decryption**, together they
give the **result**. All of it stands in the **chain** of events of one **archive**, the bundle that anybody can check.

Reading order: ``arithmetic``, ``group``, ``randomness``, ``canonical``, ``proofs``; ``questions``, ``credentials``,
``replacements``, ``ballots``, ``challenge``, ``practice``; ``trustees``, ``ceremony``, ``tally``; ``archive``, ``chain``, ``board``.
"""

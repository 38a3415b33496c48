"""Council elections: from the call to a seated council.

Words: an **election** runs under its own copy of a **rule set** and moves through **stages**; what matters is done in
**acts** that need two persons, and what an act asks before is its **checklist**. The **roll** says who may vote; a
**nomination** that passes its vetting makes a **candidate**, in an order of the ballot that is drawn by **lot**.
**Stations** report votes, the **count** turns them into **seats** with a reason for each; the election board **finds** the
result, the city council **approves** it, then it is published. **Objections** to roll, nominations and result are
promises; what follows from one is its **effect**. Encrypted votes lie in a **bundle** that anybody can check.

Reading order: ``eligibility`` and ``counting`` (pure), ``rules``, ``models``, ``events``, ``services``, ``queries``; then
what people see: ``forms``, ``messages``, ``views``, ``staff``, ``documents`` (papers), ``api``, ``cli``; ``jobs`` works at
night.

Without the server: ``ballot`` (pure, the protocol of the encrypted vote), ``verify`` (checks a bundle), ``audit_bundle`` (what
belongs together after a result, and its checks), ``trustee`` (keys and
decryption), ``authority`` (codes and letters), ``rehearsal``; they stand on ``sealing`` (files that passphrases open) and ``offline`` (their command line).
"""

"""Every maximum of the platform, by name: above one is a violation or a refusal, never a crash.

Amounts are bounded so that no product in the vectorised law can leave int64: see
``mul_div`` in :mod:`tumen.kernel.money` for the arithmetic.
"""

from typing import Final

# --- numbers -----------------------------------------------------------------------------------
FIXED_POINT_DIGITS: Final = 5
"""Decimals of prices, amounts and quantities in documents (CEB 202205: fractionDigits 5)."""

FIXED_POINT_SCALE: Final = 10**FIXED_POINT_DIGITS

DECIMAL_INTEGER_DIGITS_MAX: Final = 12
"""Digits before the point that a document's number may have: 10^12 * 10^5 < 2^63.

CEB allows 19 digits in all, of which 5 decimals; 13 or 14 digits before the point
(ten trillion yuan) do not fit int64 at scale 10^5 and are refused by name."""

AMOUNT_MINOR_MAX: Final = 10**12
"""Largest amount that the law assesses, in minor units (ten billion yuan in fen)."""

SHIPMENT_AMOUNT_MINOR_MAX: Final = 10**18
"""Largest amount of a native shipment, in minor units: it fits int64 and every column of amounts.
Ten thousand trillion tugrik or rouble; what is above is a slip of the decimal point."""

LEGAL_YEAR_MIN: Final = 2000
LEGAL_YEAR_MAX: Final = 2100
"""Years that a day of a shipment may lie in, as those of documents do; another is a slip."""

RATE_SCALE: Final = 10**6
"""A rate is an integer count of millionths: 13 % is 130_000."""

QUANTITY_E5_MAX: Final = 10**12
"""Largest quantity of one goods item at scale 10^5 (ten million units)."""

# --- documents ---------------------------------------------------------------------------------
DOCUMENTS_PER_MESSAGE_MAX: Final = 100
"""Business documents in one CEB message (XSD 202205: maxOccurs 100)."""

ITEMS_PER_DOCUMENT_MAX: Final = 99
"""Goods items in one document (XSD 202205: maxOccurs 99)."""

TOLERANCE_FEN_MAX: Final = 100
"""Fen by which a node may let totals miss their parts: more hides an error."""

PART_AMOUNT_MINOR_MAX: Final = AMOUNT_MINOR_MAX // (ITEMS_PER_DOCUMENT_MAX + 2)
"""Largest price, freight or insurance of a document, in minor units: all its items, freight and
insurance together are then still an amount that the law assesses."""

RELATED_PARCELS_MAX: Final = 999
"""Other parcels of the same order or arrival that a shipment may name."""

SHIPMENT_REFERENCE_LENGTH_MAX: Final = 60
"""Characters of the reference of a native shipment: as many as an order number has."""

DOCUMENT_BYTES_MAX: Final = 1 << 20
"""Bytes of one document in its serialised form: an NDJSON line, a CEB document element."""

CSV_RECORD_LINES_MAX: Final = 64
"""Lines that one record of a CSV file may go over: an address in quotes has a few. A quote that is
not closed within them is an error of its first line."""

MESSAGE_BYTES_MAX: Final = 64 << 20
"""Bytes of one CEB message; the largest legitimate one is far below."""

TEXT_LENGTH_MAX: Final = 1_000
"""Characters of one text field where the field table names no smaller limit."""

FAULTS_PER_SHIPMENT_MAX: Final = 100
"""Faults of a native shipment after which no further unknown field is told."""

NESTING_DEPTH_MAX: Final = 32
"""Depth of nested XML elements or JSON values."""

SOURCE_BYTES_MAX: Final = 1 << 40
"""Uncompressed bytes of one source file."""

GZIP_RATIO_MAX: Final = 200
"""Expansion above which a compressed source is refused, once GZIP_FREE_BYTES are out."""

GZIP_FREE_BYTES: Final = 64 << 20
"""Bytes that a compressed source may expand to before its ratio is looked at."""

TARIFF_BYTES_MAX: Final = 256 << 20
"""Bytes of a tariff, uncompressed; the Korean file, the largest one, has about 400,000 lines."""

# --- the road ----------------------------------------------------------------------------------
BATCH_DOCUMENTS_MAX: Final = 16_384
"""Documents that go down the road together when a file is cleared."""

BATCH_DOCUMENTS_FIRST: Final = 4_096
"""Documents of the first batch of a run; the following ones double until they reach the most."""

BATCH_BYTES_MAX: Final = 64 << 20
"""Bytes of source text that go down the road together."""

BATCH_TRIES_MAX: Final = 5
"""How often a batch is reloaded and rerun after a conflict."""

PARSED_BATCHES_QUEUED_MAX: Final = 2
"""Parsed batches that may wait for the sequencer: bounds memory at any size of input."""

PREPARED_APART_BYTES_MIN: Final = 4 << 20
"""Bytes of sources from which a process of its own reads and prepares them."""

# --- the officer's desk -------------------------------------------------------------------------
DECISIONS_MAX: Final = 1_000
"""Declarations that one request decides."""

GUARANTEE_EVENTS_MAX: Final = 2_000
"""Events after which what guarantees are used for is added up anew, where a node asks for them."""

DEFERRED_AT_ONCE: Final = 4_096
"""Declarations that waited for an authority, decided in one transaction."""

AUTHORITY_SILENT_SECONDS: Final = 300
"""How long an authority that is listened to may give no answer, unless the command says else."""

AUTHORITY_ASKED_SECONDS: Final = 15
"""How often it is asked whether it is there."""

AUTHORITY_ANSWER_SECONDS_MAX: Final = 10
"""How long its answer is waited for."""

DECISION_UNDO_SECONDS_MAX: Final = 600
"""How long an act can be undone: long enough to see a slip, too short for goods to be gone."""

TARGET_HOURS_MAX: Final = 8_760
"""Hours of a target of the service level: a year."""

REASON_LENGTH_MIN: Final = 3
"""Characters of an officer's reason, without blanks at its ends."""

REASON_LENGTH_MAX: Final = 500
"""Characters of an officer's reason."""

SECURITY_LENGTH_MAX: Final = 120
"""Characters that name the guarantee under which goods are released."""

BASIS_LENGTH_MAX: Final = 200
"""Characters of the act of law by which an officer gives back what was charged."""

REPORTS_MAX: Final = 1_000
"""Reports of carriers and agencies in one request."""

BILLED_EVENTS_MAX: Final = 20_000
"""Events whose declarations are billed in one transaction: it holds the sequencer for a second."""

PAYMENT_DAYS_MAX: Final = 62
"""Days after which goods that were released are surely billed: the longest window ends after 45."""

BILL_REFERENCE_LENGTH_MAX: Final = 50
"""Characters of the number of a bill, a notice or a payment (taxNo and entDutyNo of CEB816)."""

PAYER_LENGTH_MAX: Final = 64
"""Characters of the code of a payer or guarantor (assureCode of CEB816)."""

BILL_MESSAGE_BILLS_MAX: Final = 1_000
"""Bills of one CEB816 or CEB818 message; the schema names no number."""

STREAMS_MAX: Final = 200
"""Readers that may follow the events of one worker process at once."""

STREAMS_BY_SENDER_MAX: Final = 10
"""Of those, readers of one organisation."""

STREAM_PAUSE_SECONDS: Final = 1
"""How often a reader that follows events is told of new ones."""

STREAM_ROUNDS_MAX: Final = 900
"""Times that it is told; then it asks anew, and is let in only if its key is still in force."""

ORPHANS_MAX: Final = 1_000
"""Orphans of one answer, the oldest first."""

ORPHANS_LOOKED_AT_MAX: Final = 20_000
"""Documents that a page of those without a counterpart looks at; of one sender as many, of each
kind its part."""

EVENTS_LOOKED_AT_MAX: Final = 20_000
"""Events of all senders among which a page of one sender's is looked for first."""

EVENTS_COUNTED_AT_ONCE: Final = 50_000
"""Events by which the count of where declarations stand goes on at once."""

EVENTS_UNTIL_KEPT: Final = 5_000
"""Events after which that count is kept, so that the next one goes on from it."""

LOOKED_AT_LEAST: Final = 100
"""Documents that a page of a list with filters looks at first, however few lines are asked for."""

LOOKED_AT_AT_ONCE: Final = 4_000
"""The most of them that are looked at in one go."""

LOOKED_AT_MAX: Final = 20_000
"""The most that one page looks at; its cursor goes on from the last one."""

LIST_ROWS_MAX: Final = 1_000
"""Rows of one page of a list; a cursor leads to the next."""

# --- trust -------------------------------------------------------------------------------------
HASH_BYTES: Final = 32
"""Bytes of a SHA-256 hash; in the trust layer no hash has another length."""

TREE_SIZE_MAX: Final = (1 << 63) - 1
"""Leaves of a log: what a database's bigint holds."""

NOTE_BYTES_MAX: Final = 4 << 20
"""Bytes of a signed note; a trust bundle is the largest one."""

NOTE_SIGNATURES_MAX: Final = 64
"""Signatures of a note (signed-note asks for at least 16)."""

KEY_NAME_LENGTH_MAX: Final = 255
"""Characters of the name of a key and of the origin of a log."""

KEY_FILE_BYTES_MAX: Final = 2048
"""Bytes of a file with a secret key: the longest name takes less."""

TRUST_BUNDLE_BYTES_MAX: Final = 1 << 20
"""Bytes of a trust bundle; one of 64 members with a dozen keys each has a tenth."""

TRUST_MEMBERS_MAX: Final = 64
"""Members of a trust bundle."""

TRUST_KEYS_MAX: Final = 64
"""Keys of one member of a trust bundle, retired ones included."""

TRUST_POLICIES_MAX: Final = 64
"""Policies of a trust bundle."""

TRUST_VERSION_MAX: Final = 1_000_000
"""The highest version of a trust bundle: one a minute lasts two years."""

TRUST_NAME_LENGTH_MAX: Final = 120
"""Characters of the name of a member."""

PROOF_BYTES_MAX: Final = 1 << 20
"""Bytes of one proof: 64 hashes, a checkpoint with its cosignatures, a statement."""

LOG_ENTRY_BYTES_MAX: Final = 65_535
"""Bytes of an entry of a log: tlog-tiles gives its length in two bytes."""

CLOCK_SKEW_SECONDS_MAX: Final = 300
"""Seconds by which another clock may be ahead of ours before what it signed is of the future:
a witness's cosignature, a credential, a status list, a presentation."""

# --- witnesses ---------------------------------------------------------------------------------
CONSISTENCY_HASHES_MAX: Final = 63
"""Hashes of a consistency proof that is sent to a witness (tlog-witness, add-checkpoint)."""

WITNESS_REQUEST_BYTES_MAX: Final = 256 << 10
"""Bytes of a request to a witness: the longest proof, and a checkpoint with 16 and more
signatures, of which one may have 5 kB (signed-note, Format)."""

WITNESS_TRIES_MAX: Final = 8
"""How often a witness judges a request again because another was written down first."""

COSIGNATURE_REPEAT_SECONDS: Final = 60
"""How long a witness repeats a cosignature with its first time instead of recording it again."""

WITNESS_CHECKPOINTS_A_MINUTE_MAX: Final = 120
"""New checkpoints of one log that a process of a witness cosigns in a minute; a busy log feeds a
few."""

FEED_TRIES_MAX: Final = 5
"""Requests to one witness for one checkpoint."""

FEED_WAIT_SECONDS_MAX: Final = 30
"""The longest wait between two of them; it begins at 1 second and doubles."""

FEED_ANSWER_BYTES_MAX: Final = 64 << 10
"""Bytes of a witness's answer; one cosignature takes about 150."""

FEED_SECONDS_MAX: Final = 10
"""How long one request to a witness may take."""

EQUIVOCATION_BYTES_MAX: Final = 512 << 10
"""Bytes of a proof of equivocation: two checkpoints and 64 hashes."""

# --- credentials -------------------------------------------------------------------------------
CREDENTIAL_BYTES_MAX: Final = 1 << 20
"""Bytes of a credential, a status list or a presentation in its compact form."""

CERTIFICATE_GOODS_MAX: Final = 500
"""Goods lines of a certificate of origin whose agreement names no number."""

PRESENTATION_SECONDS_MAX: Final = 300
"""Seconds for which a presentation is to be taken: it is made for one question."""

STATUS_ENTRIES_MIN: Final = 131_072
"""Entries of a status list: fewer would tell who is meant (Bitstring Status List v1.0, §3.2)."""

STATUS_BYTES_MAX: Final = 1 << 20
"""Bytes of a status list once it is decompressed: eight million entries."""

STATUS_AGE_DAYS_MAX: Final = 7
"""Days after which a status list is called old where neither policy nor option says otherwise."""

STATUS_LISTS_MAX: Final = 16
"""Status lists that are looked at for one credential."""

# --- the portal --------------------------------------------------------------------------------
VERIFIED_UPLOAD_BYTES_MAX: Final = 8 << 20
"""Bytes of a file that is given to the page which verifies; larger ones are for the command."""

PAGE_BYTES_MAX: Final = 60_000
"""Bytes of a page with all that it loads, as they travel: it opens in 8 seconds at 64 kbit/s."""

FAULTS_SENT_BACK_MAX: Final = 150
"""Findings that the page of an answer carries along, to be fetched as a file."""

PAGE_ROWS_MAX: Final = 50
"""Rows of a list on one page; the rest are on the next ones, or in a file."""

# --- the verifier ------------------------------------------------------------------------------
RECEIPT_FILE_BYTES_MAX: Final = 256 << 20
"""Bytes of one file given to the verifier."""

VERIFIED_CHECKPOINTS_MAX: Final = 1_024
"""Checkpoints whose signatures are remembered while many receipts are verified."""

# --- signed messages ---------------------------------------------------------------------------
CERTIFICATE_BYTES_MAX: Final = 16 << 10
"""Bytes of a signer's certificate; those of the official samples have one."""

CERTIFICATES_TRUSTED_MAX: Final = 1_000
"""Certificates that a node may trust, and as many that lead to them."""

CERTIFICATE_CHAIN_LENGTH_MAX: Final = 6
"""Certificates from a signer's own to one that is trusted, both counted."""

REVOCATION_LISTS_MAX: Final = 200
"""Lists of revoked certificates that a node may keep."""

REVOCATION_LIST_BYTES_MAX: Final = 32 << 20
"""Bytes of one of them; a large authority's has some megabytes."""

MESSAGE_DIAGNOSED_BYTES_MAX: Final = 4 << 20
"""Bytes of a message up to which it is searched in which other form it was signed."""

ENGINE_SECONDS_MAX: Final = 20
"""Seconds that the system's openssl command may take for one answer."""

# --- the observatory ---------------------------------------------------------------------------
EXPRESSION_LENGTH_MAX: Final = 2_000
"""Characters of a claim's expression."""

EXPRESSION_DEPTH_MAX: Final = 40
"""How deep a claim's expression may nest."""

STUDY_BYTES_MAX: Final = 4 << 20
"""Bytes of a study file, and of one of its data files."""

CLAIMS_MAX: Final = 10_000
"""Claims of one study."""

CELLS_MAX: Final = 200_000
"""Cells of one data file."""

NUMBER_DIGITS_MAX: Final = 40
"""Digits of one number in a study: more is no printed figure."""

READINGS_MAX: Final = 4_000
"""Other readings that are tried for one failing claim."""

INDICATOR_FILE_BYTES_MAX: Final = 256 << 20
"""Bytes of a file of observations, uncompressed; a table of one World Bank indicator has 0.2 MB."""

OBSERVATIONS_MAX: Final = 2_000_000
"""Observations of one source."""

CHART_SERIES_MAX: Final = 6
"""Economies of one chart: there are six colours that nearly everybody can tell apart."""

RESAMPLES_MAX: Final = 100_000
"""How often the choices of an index are drawn again; 10,000 settle a rank interval."""

CUBE_CELLS_MAX: Final = 60_000
"""Cells of a table of the platform's statistics, totals included."""

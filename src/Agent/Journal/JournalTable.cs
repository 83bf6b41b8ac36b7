namespace HostAgent.Agent.Journal;

/// <summary>A table whose rows carry a checksum of their other columns.</summary>
/// <param name="Name">The table's name.</param>
/// <param name="Columns">All columns but the checksum, in the order in which they are summed up. A script that adds one sums up every row again.</param>
internal sealed record JournalTable(string Name, params IReadOnlyList<string> Columns)
{
    public static readonly JournalTable Operations = new(
        "operations",
        "ordinal", "operation_id", "kind", "request", "request_hash", "virtual_machine_id", "virtual_machine_name", "campaign_id", "item_id", "attempt", "epoch",
        "requested_by", "create_time", "state", "sequence", "recovery_point_identifier", "intent", "return_code", "job_path", "cancel_reason", "start_time", "end_time");

    public static readonly JournalTable Events = new("events", "ordinal", "sequence", "kind", "time", "payload");

    public static readonly JournalTable Epochs = new("epochs", "campaign_id", "epoch");

    public static readonly JournalTable Claims = new("claims", "campaign_id", "coordinator", "instance");

    public static readonly JournalTable ClaimTokens = new("claim_tokens", "token", "claim_time");

    public static readonly JournalTable Damages = new("damages", "id", "find_time", "set_aside", "explanation", "operations_missing");

    public static readonly JournalTable Ledger = new("ledger", "id", "journal_id", "schema", "commits", "operations", "events", "epochs", "damages");

    /// <summary>The columns for a SELECT or an INSERT.</summary>
    public string List { get; } = string.Join(", ", Columns);

    /// <summary>What the checksum of a row must be, as an SQL expression over its columns.</summary>
    public string Checksum { get; } = $"{RowChecksum.Function}({string.Join(", ", Columns)})";

    /// <summary>Inserts a row with its checksum from parameters that are named as the columns are.</summary>
    public string Insert { get; } =
        $"INSERT INTO {Name} ({string.Join(", ", Columns)}, checksum) VALUES ({Parameters(Columns)}, {RowChecksum.Function}({Parameters(Columns)}))";

    /// <summary>Sums up the rows that fulfil a condition again, after they were changed.</summary>
    public string UpdateChecksum(string condition) => $"UPDATE {Name} SET checksum = {Checksum} WHERE {condition}";

    private static string Parameters(IReadOnlyList<string> columns) => string.Join(", ", columns.Select(column => $"@{column}"));
}

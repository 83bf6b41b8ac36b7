using Dapper;
using Grpc.Core;
using HostAgent.Agent.Operations.Model;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using Microsoft.Data.Sqlite;
using Row = System.Collections.Generic.IReadOnlyDictionary<string, object?>;

namespace HostAgent.Agent.Journal;

/// <summary>
/// A new journal filled with what is intact in a damaged one. Where the end of the old one is missing, a queued operation may have been started since:
/// it is marked so, and the host's state decides before the host is called.
/// </summary>
/// <param name="journal">The new journal.</param>
/// <param name="found">When the damage was found.</param>
/// <param name="inspection">What was found.</param>
internal sealed class RecoveredJournal(SqliteConnection journal, DateTimeOffset found, JournalInspection inspection)
{
    // When the number of missing events is unknown, skip far enough ahead that no sequence is used twice.
    private const long FarBehind = 1_000_000;

    private bool _complete;
    private DateTimeOffset? _missingSince;

    /// <summary>How many operations were recovered.</summary>
    public int Operations { get; private set; }

    /// <summary>Whether an operation may be missing.</summary>
    public bool OperationsMissing => !_complete || inspection.MissingCommits != 0;

    /// <summary>Recovers what is intact in a damaged journal.</summary>
    public void TakeFrom(string database)
    {
        using var salvage = JournalSalvage.Open(database, inspection.Schema);
        if (salvage is null)
        {
            return;
        }

        // Commits are made in order: when nothing but the last ones is missing, they were made after everything that is there.
        _missingSince = inspection.OnlyEndMissing ? salvage.NewestEvent() : null;
        foreach (var ordinal in salvage.Ordinals())
        {
            if (salvage.Rows(JournalTable.Operations, "ordinal", "ordinal = @ordinal", new { ordinal }) is [var row])
            {
                Take(row, salvage.Rows(JournalTable.Events, "sequence", "ordinal = @ordinal", new { ordinal }));
                Operations++;
            }
        }

        TakeEpochs(salvage);
        if (inspection.Schema >= JournalSchema.FirstWithChecksums)
        {
            Insert(JournalTable.Damages, salvage.Rows(JournalTable.Damages, "id"));
        }

        if (inspection.Schema >= JournalSchema.FirstWithClaims)
        {
            Insert(JournalTable.Claims, salvage.Rows(JournalTable.Claims, "campaign_id"));
            Insert(JournalTable.ClaimTokens, salvage.Rows(JournalTable.ClaimTokens, "token"));
        }

        _complete = salvage.Ledger()?.Operations == Operations;
    }

    /// <summary>Writes the damage down.</summary>
    public void Note(string setAside, string explanation) => Insert(JournalTable.Damages, [new Dictionary<string, object?>
    {
        ["id"] = null,
        ["find_time"] = found.UtcTicks,
        ["set_aside"] = setAside,
        ["explanation"] = explanation,
        ["operations_missing"] = OperationsMissing ? 1L : 0L,
    }]);

    private void Take(Row row, IReadOnlyList<Row> events)
    {
        Insert(JournalTable.Operations, [row]);
        Insert(JournalTable.Events, events);
        var ordinal = (long)row["ordinal"]!;
        var told = events.Count == 0 ? null : JournalJson.ReadEvent((string)events[^1]["payload"]!);
        var sequence = (long)row["sequence"]!;
        var last = told is not null && told.Sequence >= sequence ? told : Record(ordinal, Lost(row, told));
        var stale = last.Sequence > sequence;
        if (!last.State.IsTerminal() && (stale || inspection.MissingCommits != 0))
        {
            var resumed = Record(ordinal, Resumed(last));
            Settle(row, resumed, last);
        }
        else
        {
            Settle(row, last, last);
        }
    }

    // The operation's row follows its last event; the evidence of an intent is made up where its own may be missing.
    private void Settle(Row row, OperationEvent last, OperationEvent seen)
    {
        var needsEvidence = row["intent"] is null && (last.State == OperationState.Starting || last.MayHaveBeenCalled);
        journal.Execute(
            """
            UPDATE operations SET state = @state, sequence = @sequence, intent = coalesce(intent, @intent), job_path = coalesce(job_path, @jobPath),
                end_time = coalesce(end_time, @endTime)
            WHERE ordinal = @ordinal;
            """ + JournalTable.Operations.UpdateChecksum("ordinal = @ordinal"),
            new
            {
                ordinal = row["ordinal"],
                state = (int)last.State,
                sequence = last.Sequence,
                intent = needsEvidence ? JournalJson.Write(Evidence(row, seen)) : null,
                jobPath = last.Job?.Path,
                endTime = last.State.IsTerminal() ? last.Time.UtcTicks : (long?)null,
            });
    }

    // What the host showed when the journal last knew: jobs of the machine's other operations cannot be this one's.
    private IntentEvidence Evidence(Row row, OperationEvent seen) => new(
        _missingSince ?? seen.Time,
        seen.ReplicationState,
        [.. journal.Query<string>(
                "SELECT job_path FROM operations WHERE virtual_machine_id = @vm AND ordinal <> @ordinal AND job_path IS NOT NULL",
                new { vm = row["virtual_machine_id"], ordinal = row["ordinal"] })
            .Select(path => CimObjectPath.Parse(path).Keys.GetValueOrDefault("InstanceID") as string ?? path)]);

    private OperationEvent Record(long ordinal, OperationEvent next)
    {
        Insert(JournalTable.Events, [new Dictionary<string, object?>
        {
            ["ordinal"] = ordinal,
            ["sequence"] = next.Sequence,
            ["kind"] = (long)next.Kind,
            ["time"] = next.Time.UtcTicks,
            ["payload"] = JournalJson.Write(next),
        }]);
        return next;
    }

    private OperationEvent Resumed(OperationEvent last) => last with
    {
        Sequence = last.Sequence + Math.Min(inspection.MissingCommits ?? FarBehind, FarBehind) + 1,
        Time = found,
        Kind = OperationEventKind.Reattached,
        QueuePosition = 0,
        MayHaveBeenCalled = last.State == OperationState.Queued,
        Explanation = last.State == OperationState.Queued
            ? "The journal was damaged and its newest entries are missing: it is unknown whether the host was called; the host's state decides."
            : "The journal was damaged and its newest entries are missing: checking the host again.",
    };

    // The row is intact and its last event is not.
    private OperationEvent Lost(Row row, OperationEvent? told)
    {
        var state = (OperationState)checked((int)(long)row["state"]!);
        var path = row["job_path"] as string;
        var sentence = $"The journal was damaged; only the state {state.ToString().ToUpperInvariant()} of this operation is known.";
        return new OperationEvent
        {
            Sequence = (long)row["sequence"]!,
            Time = row["end_time"] is long end ? new DateTimeOffset(end, TimeSpan.Zero) : found,
            Kind = state.IsTerminal() ? OperationEventKind.Concluded : OperationEventKind.Reattached,
            State = state,
            Job = told?.Job ?? (path is null ? null : JobSnapshots.Named(CimObjectPath.Parse(path))),
            ReplicationState = told?.ReplicationState,
            Explanation = sentence,
            Outcome = !state.IsTerminal()
                ? null
                : new OperationOutcome(
                    state,
                    OutcomeBasis.None,
                    sentence,
                    state.IsSuccess() ? null : new OperationFailure(StatusCode.DataLoss, "JOURNAL_DAMAGED", sentence),
                    state.IsSuccess() ? null : RetryClass.RereadState),
        };
    }

    private void TakeEpochs(JournalSalvage salvage)
    {
        // Each operation knows the epoch it was accepted under, so that a lost row lowers the fence no further than that.
        var highest = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var row in salvage.Rows(JournalTable.Epochs, "campaign_id"))
        {
            highest[(string)row["campaign_id"]!] = (long)row["epoch"]!;
        }

        foreach (var (campaign, epoch) in journal.Query<(string, long)>("SELECT campaign_id, max(epoch) FROM operations WHERE campaign_id IS NOT NULL GROUP BY campaign_id"))
        {
            highest[campaign] = Math.Max(epoch, highest.GetValueOrDefault(campaign));
        }

        Insert(JournalTable.Epochs, [.. highest.Select(pair => new Dictionary<string, object?> { ["campaign_id"] = pair.Key, ["epoch"] = pair.Value })]);
    }

    private void Insert(JournalTable table, IReadOnlyList<Row> rows)
    {
        foreach (var row in rows)
        {
            journal.Execute(table.Insert, new DynamicParameters(row));
        }

        // A row without a key gets one from SQLite, and only then can be summed up.
        if (table == JournalTable.Damages)
        {
            journal.Execute(table.UpdateChecksum("1 = 1"));
        }
    }
}

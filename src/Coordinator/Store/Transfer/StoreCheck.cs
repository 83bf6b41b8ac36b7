using System.Text.Json;
using HostAgent.Campaigns;
using HostAgent.Campaigns.Messages;

namespace HostAgent.Coordinator.Store.Transfer;

/// <summary>
/// Checks the rows of a store, campaign by campaign: versions without gaps, the hash of every event, that this version can read every event, the audit chain, and
/// that row, events and audit end where they say. Of returns and drills likewise: the audit chain, its end, and that state and row are of the same; of proofs, that they are
/// what their row says.
/// </summary>
internal sealed class StoreCheck
{
    private readonly List<(string Campaign, string Finding)> _findings = [];
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly List<byte[]> _hashes = [];
    private CampaignLine? _campaign;
    private EventChainReader _chain = new(0, default);
    private CampaignMachine _machine = new();
    private AuditRecord? _last;
    private bool _hasStart;
    private bool _isDamaged;
    private StateCheck? _state;

    /// <summary>How many campaigns there were, deleted ones included.</summary>
    public long Campaigns { get; private set; }

    /// <summary>How many events there were.</summary>
    public long Events { get; private set; }

    /// <summary>How many audit records there were.</summary>
    public long AuditRecords { get; private set; }

    /// <summary>How many returns there were.</summary>
    public long Returns { get; private set; }

    /// <summary>How many drills there were.</summary>
    public long Drills { get; private set; }

    /// <summary>How many proofs there were.</summary>
    public long Proofs { get; private set; }

    /// <summary>How many other rows there were.</summary>
    public long Others { get; private set; }

    /// <summary>The damaged campaigns, returns, drills and proofs, each with what is wrong first, in one sentence without a full stop.</summary>
    public IReadOnlyList<(string Campaign, string Finding)> Findings => _findings;

    /// <summary>Takes the next row.</summary>
    public void Take(StoreLine line)
    {
        switch (line)
        {
            case CampaignLine campaign:
                End();
                Begin(campaign);
                break;
            case EventLine row:
                Events++;
                Try(() => TakeEvent(row));
                break;
            case AuditLine row:
                AuditRecords++;
                Try(() => TakeAudit(row.ToRecord()));
                break;
            case StateLine row:
                End();
                (Returns, Drills) = row.Family == "returns" ? (Returns + 1, Drills) : (Returns, Drills + 1);
                (_state, _isDamaged) = (new StateCheck(row), false);
                Try(() => _state.Begin(_ids));
                break;
            case StateAuditLine row:
                AuditRecords++;
                Try(() => (_state ?? throw new StreamDamagedException("an audit record belongs to no return or drill")).Take(row.ToRecord()));
                break;
            case ProofLine row:
                End();
                Proofs++;
                _isDamaged = false;
                Try(() => StateCheck.Check(row, _ids), $"the proof of machine {row.Machine}");
                break;
            default:
                Others++;
                Try(() => _ = _campaign ?? throw new StreamDamagedException("a row belongs to no campaign"));
                break;
        }
    }

    /// <summary>There are no more rows.</summary>
    public void End()
    {
        if (_state is { } state)
        {
            Try(state.End);
            _state = null;
        }

        if (_campaign is not { } campaign)
        {
            return;
        }

        Try(() =>
        {
            var isDeleted = campaign.DeletedTime is not null;
            ReadOnlyMemory<byte>? known = _last is not { } last ? null
                : isDeleted ? (last.StreamVersion == campaign.Version ? campaign.EventHash : null)
                : last.StreamVersion > 0 && last.StreamVersion <= _hashes.Count ? _hashes[(int)last.StreamVersion - 1] : null;
            var seal = new StreamSeal(campaign.Version, campaign.EventHash, campaign.AuditSequence, campaign.AuditHash, _last, known, _hasStart);
            if (!isDeleted)
            {
                _chain.End(seal);
                if (_machine.State.Uid.ToString("D") != campaign.Uid || _machine.State.Document != campaign.Document)
                {
                    throw new StreamDamagedException("the uid or the document in its row differs from its events");
                }
            }

            if (seal.CheckAudit() is { } finding)
            {
                throw new StreamDamagedException(finding);
            }
        });
        _campaign = null;
    }

    private void Begin(CampaignLine campaign)
    {
        Campaigns++;
        (_campaign, _chain, _machine, _last, _hasStart, _isDamaged) = (campaign, new EventChainReader(0, default), new CampaignMachine(), null, false, false);
        _hashes.Clear();
        Try(() =>
        {
            if (!Guid.TryParseExact(campaign.Uid, "D", out _) || !_ids.Add(campaign.Id))
            {
                throw new StreamDamagedException("its uid is none, or another campaign has its id");
            }
        });
    }

    private void TakeEvent(EventLine row)
    {
        _ = _campaign ?? throw new StreamDamagedException("an event belongs to no campaign");
        if (_campaign.DeletedTime is not null)
        {
            throw new StreamDamagedException("it is deleted and has events");
        }

        _chain.Take(new StoredEvent(row.Version, new DateTimeOffset(row.Time, TimeSpan.Zero), row.Type, row.Data) { Hash = row.Hash });
        _hashes.Add(row.Hash);
        try
        {
            _machine.Apply(CampaignEventCodec.Read(row.Data));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            throw new StreamDamagedException(FormattableString.Invariant($"event {row.Version} ('{row.Type}') cannot be read by this version: {exception.Message.TrimEnd('.')}"));
        }
    }

    private void TakeAudit(AuditRecord record)
    {
        if (_campaign is null || !AuditChain.Follows(record, _last))
        {
            throw new StreamDamagedException(FormattableString.Invariant($"audit record {record.Sequence} was changed, or does not follow the previous one"));
        }

        _hasStart |= record.Entry.Action == "StartCampaign" && record.Entry.Result.StartsWith("OK", StringComparison.Ordinal);
        _last = record;
    }

    // What follows the first finding of one follows from it.
    private void Try(Action check, string? name = null)
    {
        if (_isDamaged)
        {
            return;
        }

        try
        {
            check();
        }
        catch (StreamDamagedException exception)
        {
            _isDamaged = true;
            _findings.Add((name ?? _campaign?.Name ?? _state?.Name ?? "a row without a campaign", exception.Finding));
        }
    }
}

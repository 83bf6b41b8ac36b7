using System.Diagnostics;
using HostAgent.Campaigns;
using HostAgent.Campaigns.Messages;
using HostAgent.Coordinator.Store;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Runs;

/// <summary>A run's decisions on several inputs, made durable together.</summary>
internal sealed class RunBatch(string campaign, CommandAudit audit)
{
    private readonly List<NewEvent> _events = [];
    private readonly List<AuditEntry> _audit = [];
    private readonly Dictionary<string, HoldState> _holds = new(StringComparer.Ordinal);
    private readonly List<CampaignEffect> _effects = [];
    private readonly HashSet<string> _items = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _wentBack = new(StringComparer.Ordinal);
    private readonly List<(CommandMessage Command, RpcFailure? Refusal)> _commands = [];
    private readonly List<RecordedMessage> _reports = [];
    private readonly List<AnsweredRequest> _requests = [];

    public IReadOnlyList<NewEvent> Events => _events;

    /// <summary>The machines whose hold changes: the final state of each.</summary>
    public IReadOnlyDictionary<string, HoldState> Holds => _holds;

    public IReadOnlyList<AuditEntry> Audit => _audit;

    /// <summary>The commands with a request id that take effect.</summary>
    public IReadOnlyList<AnsweredRequest> Requests => _requests;

    /// <summary>To be carried out after everything is durable.</summary>
    public IReadOnlyList<CampaignEffect> Effects => _effects;

    /// <summary>The items that have events.</summary>
    public IReadOnlyCollection<string> Items => _items;

    /// <summary>The percentages that have gone down, by item.</summary>
    public IReadOnlyDictionary<string, int> WentBack => _wentBack;

    /// <summary>The document that replaces the campaign's; null for none.</summary>
    public StoredDocument? Document { get; private set; }

    /// <summary>The spans of the calls that gave the commands.</summary>
    public IEnumerable<ActivityContext> Causes => _commands.Select(command => command.Command.Cause).Where(cause => cause != default);

    /// <summary>Whether there is nothing to make durable.</summary>
    public bool IsEmpty => _events.Count == 0 && _audit.Count == 0;

    /// <summary>Adds the outcome of a report, a timer or a takeover.</summary>
    public void Add(Outcome outcome) => Add(outcome, isOwnAct: true);

    /// <summary>Adds the outcome of a report whose sender waits.</summary>
    public void Add(RecordedMessage report, Outcome outcome)
    {
        _reports.Add(report);
        Add(outcome, isOwnAct: true);
    }

    /// <summary>Adds the outcome of a command.</summary>
    public void Add(CommandMessage command, Outcome outcome, RpcFailure? refusal, DateTimeOffset now)
    {
        _commands.Add((command, refusal));
        _audit.AddRange(audit.Of(now, command.Origin, refusal, isChange: outcome.Events.Count > 0));
        Document = refusal is null ? command.Document ?? Document : Document;
        Add(outcome, isOwnAct: false);
    }

    /// <summary>Remembers a command's request id.</summary>
    public void Remember(AnsweredRequest request) => _requests.Add(request);

    /// <summary>Adds a command that took effect earlier.</summary>
    public void Repeat(CommandMessage command, DateTimeOffset now)
    {
        _commands.Add((command, null));
        _audit.AddRange(audit.Of(now, command.Origin, refusal: null, isChange: false));
    }

    /// <summary>Adds a command that is refused without asking the machine.</summary>
    public void Refuse(CommandMessage command, RpcFailure refusal, DateTimeOffset now)
    {
        _commands.Add((command, refusal));
        _audit.AddRange(audit.Of(now, command.Origin, refusal, isChange: false));
    }

    /// <summary>Completes every command of the batch: it is durable, or it was refused.</summary>
    public void Complete()
    {
        foreach (var report in _reports)
        {
            report.Done.TrySetResult();
        }

        foreach (var (command, refusal) in _commands)
        {
            if (refusal is null)
            {
                command.Done.TrySetResult();
            }
            else
            {
                command.Done.TrySetException(refusal);
            }
        }
    }

    /// <summary>Fails every command of the batch: none of it has happened, or nobody knows whether it has.</summary>
    public void Fail(Exception failure)
    {
        foreach (var report in _reports)
        {
            // The campaign is reloaded and its items are requested again: the sender gives up.
            report.Done.TrySetCanceled();
        }

        foreach (var (command, _) in _commands)
        {
            command.Done.TrySetException(failure);
        }
    }

    private void Add(Outcome outcome, bool isOwnAct)
    {
        foreach (var decided in outcome.Events)
        {
            var json = CampaignEventCodec.Write(decided);
            _events.Add(new NewEvent(decided.At, CampaignEventCodec.NameOf(decided), json));
            if (decided is ItemEvent item)
            {
                _items.Add(item.Item);
                if (MachineHolds.ChangeOf(decided) is { } hold)
                {
                    _holds[item.Item] = hold;
                }
            }

            if (decided is ItemProgressWentBack wentBack)
            {
                _wentBack[wentBack.Item] = wentBack.To;
            }

            // A command is recorded as such, with its caller and address; the events have what it caused.
            if (isOwnAct && AuditEntries.Of(decided, campaign, json) is { } entry)
            {
                _audit.Add(entry);
            }
        }

        _effects.AddRange(outcome.Effects);
    }
}

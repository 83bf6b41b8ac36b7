using System.Globalization;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;
using HostAgent.Texts;

namespace HostAgent.Campaigns.States;

/// <summary>
/// The current state of a campaign: the fold of its events and nothing else. Reading is cheap (counts are kept, nothing is scanned).
/// Changes when events are applied; not thread-safe.
/// </summary>
public sealed partial class CampaignState
{
    private readonly Dictionary<string, CampaignItem> _itemsById = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CampaignHost> _hostsByName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, LimitGroup> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private readonly List<CampaignItem> _items = [];
    private readonly List<CampaignHost> _hosts = [];
    private readonly List<CampaignSite> _sites = [];
    private readonly Dictionary<string, CampaignSite> _sitesByName = new(StringComparer.Ordinal);
    private readonly List<CampaignWave> _waves = [];
    private readonly SortedDictionary<PauseCause, bool> _pauses = [];
    private readonly SortedDictionary<PairPhase, DateTimeOffset> _closedPhases = [];

    internal CampaignState()
    {
    }

    /// <summary>The number of events applied.</summary>
    public long Version { get; private set; }

    /// <summary>The campaign's identity for the agents.</summary>
    public Guid Uid { get; private set; }

    /// <summary>The document, with its defaults; null before <see cref="CampaignCreated"/>.</summary>
    public CampaignSpec? Spec { get; private set; }

    /// <summary>The document's original text.</summary>
    public string Document { get; private set; } = string.Empty;

    /// <summary>Its state.</summary>
    public CampaignStatus Status { get; private set; }

    /// <summary>The fencing number: incremented by each coordinator that takes over the campaign.</summary>
    public long Epoch { get; private set; }

    /// <summary>Who created it.</summary>
    public string CreatedBy { get; private set; } = string.Empty;

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreateTime { get; private set; }

    /// <summary>When it was started, or will be when scheduled; null before.</summary>
    public DateTimeOffset? StartTime { get; private set; }

    /// <summary>What the forecast that is made at the start may assume; null for nothing.</summary>
    public ForecastAssumptions? Assumptions { get; private set; }

    /// <summary>The forecast that it was started with; null before there is one, and when none could be made.</summary>
    public StartForecast? Forecast { get; private set; }

    /// <summary>Whether the forecast of its start is still to be made. Once an item has ended it would no longer be one.</summary>
    public bool AwaitsForecast => Forecast is null && Status is CampaignStatus.Running or CampaignStatus.Paused && Counts.Terminal == Counts[ItemStatus.Skipped];

    /// <summary>When it became terminal; null before.</summary>
    public DateTimeOffset? EndTime { get; private set; }

    /// <summary>The latest time of any event. Whoever takes the campaign over decides at no earlier time.</summary>
    public DateTimeOffset LastEventTime { get; private set; }

    /// <summary>The waves in order.</summary>
    public IReadOnlyList<CampaignWave> Waves => _waves;

    /// <summary>The items in the order of the plan.</summary>
    public IReadOnlyList<CampaignItem> Items => _items;

    /// <summary>The hosts, in the order of their first appearance in the plan.</summary>
    public IReadOnlyList<CampaignHost> Hosts => _hosts;

    /// <summary>The hosts' sites, in the order of their first appearance in the plan.</summary>
    public IReadOnlyList<CampaignSite> Sites => _sites;

    /// <summary>All items by state.</summary>
    public ItemCounts Counts { get; private set; } = new();

    /// <summary>How many items are in flight.</summary>
    public int InFlight => InFlightItems.Count;

    /// <summary>Why it is paused; the most severe cause when there are several.</summary>
    public PauseCause PauseCause => Status == CampaignStatus.Paused ? _pauses.Keys.First() : PauseCause.None;

    /// <summary>Every cause of the pause.</summary>
    public IReadOnlyCollection<PauseCause> PauseCauses => _pauses.Keys;

    /// <summary>How many failures currently count against the tolerance.</summary>
    public int Failures { get; private set; }

    /// <summary>One sentence about the state for a person.</summary>
    public string Explanation => Status switch
    {
        CampaignStatus.Draft => "Not planned yet.",
        CampaignStatus.Ready when Counts[ItemStatus.NotReady] is var notReady and > 0 => $"Planned; {notReady} of {Counts.Total} items are not ready.",
        CampaignStatus.Ready => "Planned, not started.",
        CampaignStatus.Scheduled when Spec!.Schedule is not null => StartTime is { } next
            ? string.Create(CultureInfo.InvariantCulture, $"The next run begins at {next.UtcDateTime:yyyy-MM-dd HH:mm}Z.{Former}")
            : $"There is no further run.{Former}",
        CampaignStatus.Scheduled => string.Create(CultureInfo.InvariantCulture, $"Starts at {StartTime?.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z."),
        CampaignStatus.Running when CurrentWave is { Status: WaveStatus.AtGate } wave => $"Wave {wave.Spec.Name} is at its gate: {wave.WaitingFor}.",
        CampaignStatus.Running when CurrentWave is { WaitingFor.Length: > 0 } wave
            => $"Wave {wave.Spec.Name} waits for {wave.WaitingFor}: {wave.Counts[ItemStatus.Synced]} of {wave.Counts.Total} items are in step.{Held}",
        CampaignStatus.Running when CurrentWave is { } wave => $"Wave {wave.Spec.Name} is running: {wave.Counts.Terminal} of {wave.Counts.Total} items are done.{Held}",
        CampaignStatus.Running => "Running.",
        CampaignStatus.Paused or CampaignStatus.Stopping => InFlight switch
        {
            0 => StatusReason,
            1 => $"{SentenceText.Ended(StatusReason)} 1 item in flight continues.",
            var count => $"{SentenceText.Ended(StatusReason)} {count} items in flight continue.",
        },
        CampaignStatus.Stopped => StatusReason,
        CampaignStatus.Completed => $"Every item has succeeded or was skipped by a person.{LeftOut}",
        _ => $"Every item has ended; {Counts.Total - Counts[ItemStatus.Succeeded] - Counts[ItemStatus.SucceededWithWarnings]} did not succeed.{LeftOut}",
    };

    private string Held => Counts[ItemStatus.Held] is var held and > 0 ? $" {held} {(held == 1 ? "item waits" : "items wait")} for a person's decision." : string.Empty;

    private string Former => $"{(LastRun.Length > 0 ? $" The last one was {LastRun}." : string.Empty)}{(LeftOutRun.Length > 0 ? $" {LeftOutRun}" : string.Empty)}";

    private string LeftOut => Notes.RefusedCount == 0 ? string.Empty : $" {Notes.RefusedCount} selected machines were never part of it.";

    /// <summary>What the plan left out and warned about.</summary>
    public PlanNotes Notes { get; private set; } = PlanNotes.None;

    /// <summary>Whether agents reject this coordinator, so that no item starts.</summary>
    public bool IsBlocked => Status == CampaignStatus.Paused && IsPausedBy(PauseCause.Ownership);

    /// <summary>Whether it was stopped so that machines whose outage is under way go back to where production ran.</summary>
    internal bool TakesBack { get; private set; }

    /// <summary>The time of the run that is to begin; null when none is.</summary>
    internal DateTimeOffset? DueRun { get; private set; }

    /// <summary>The id of the newest run; empty before the first.</summary>
    internal string LastRun { get; private set; } = string.Empty;

    /// <summary>Why a later one was left out; empty when none was.</summary>
    internal string LeftOutRun { get; private set; } = string.Empty;

    internal string StatusReason { get; private set; } = string.Empty;

    /// <summary>The first wave that is not done; null when all are.</summary>
    internal CampaignWave? CurrentWave => CurrentWaveIndex < _waves.Count ? _waves[CurrentWaveIndex] : null;

    internal int CurrentWaveIndex { get; private set; }

    /// <summary>The limits on links and tenants, each with what it is on.</summary>
    internal IEnumerable<(string Kind, string Key, LimitGroup Group)> Groups
        => _groups.Select(group => group.Key.Split('\n', 2) is [var kind, var key] ? (kind, key.Replace("\n", " → ", StringComparison.Ordinal), group.Value) : (group.Key, "", group.Value));

    internal LimitGroup Whole { get; private set; } = new(int.MaxValue);

    /// <summary>Items at the step that takes their service down.</summary>
    internal PhaseGroup Switches { get; private set; } = new(int.MaxValue);

    /// <summary>The sets of items whose services go down together.</summary>
    internal List<TogetherSet> Sets { get; } = [];

    /// <summary>Machines that are brought in step.</summary>
    internal PhaseGroup Copies { get; private set; } = new(int.MaxValue);

    /// <summary>What bounds a phase of a pair; null for other steps.</summary>
    internal PhaseGroup? PhaseOf(StepKind kind) => kind switch
    {
        StepKind.Synchronize => Copies,
        StepKind.SwitchOver => Switches,
        _ => null,
    };

    internal WaitingIndex Waiting { get; private set; } = new();

    internal SortedSet<int> InFlightItems { get; } = [];

    /// <summary>Items about which a person must decide.</summary>
    internal SortedSet<int> HeldItems { get; } = [];

    internal SortedSet<CampaignTimer> Timers { get; } = [];

    internal List<DependencyState> Dependencies { get; } = [];

    /// <summary>Incremented whenever failures are counted from zero.</summary>
    internal int Budget { get; private set; } = 1;

    /// <summary>The times of the failures in the sliding window.</summary>
    internal Queue<DateTimeOffset> FailureTimes { get; } = new();

    /// <summary>How many items in flight are rejected by agents that follow another coordinator.</summary>
    internal int Fenced { get; private set; }

    /// <summary>How many items were skipped by a person.</summary>
    internal int SkippedByPerson { get; private set; }

    /// <summary>The document's revision, incremented by each replacement. Items of one revision are not items of the next.</summary>
    public long Revision { get; private set; }

    internal string StartedBy { get; private set; } = string.Empty;

    /// <summary>Whether the item's last readiness check passed and is recent enough to start the item.</summary>
    /// <param name="item">The item.</param>
    /// <param name="now">The time.</param>
    /// <returns>False also when it was not checked.</returns>
    public bool IsKnownReady(CampaignItem item, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(item);
        return item.Readiness is { Ready: true } readiness && now - readiness.CheckTime < Spec!.Readiness.MaxAge;
    }

    internal bool IsPausedBy(PauseCause cause) => _pauses.ContainsKey(cause);

    internal bool EndsByItself(PauseCause cause) => _pauses.GetValueOrDefault(cause);

    /// <summary>Finds an item by its id.</summary>
    /// <param name="id">The id.</param>
    /// <returns>The item; null when there is none.</returns>
    public CampaignItem? FindItem(string id) => _itemsById.GetValueOrDefault(id);

    /// <summary>Finds a wave by its name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The wave; null when there is none.</returns>
    public CampaignWave? FindWave(string name) => _waves.Find(wave => NameText.Composed(wave.Spec.Name) == NameText.Composed(name));

    /// <summary>Finds a host by its name.</summary>
    /// <param name="name">The name, case-insensitive.</param>
    /// <returns>The host; null when no item is on it.</returns>
    public CampaignHost? FindHost(string name) => _hostsByName.GetValueOrDefault(name);

    /// <summary>Returns the plan's dependency at an index.</summary>
    /// <param name="position">The index, as in <see cref="PlannedItem.Dependencies"/>.</param>
    /// <returns>The dependency.</returns>
    public PlannedDependency DependencyAt(int position) => Dependencies[position].Planned;
}

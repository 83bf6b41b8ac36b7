namespace HostAgent.Faults.Histories;

/// <summary>Everything that happened to one campaign: what the coordinator stored, what the hosts did, what every client was told, and what was broken meanwhile.</summary>
internal sealed record History
{
    /// <summary>The campaign's resource name.</summary>
    public required string Campaign { get; init; }

    /// <summary>What the operator's document allows.</summary>
    public Allowed Allowed { get; init; } = new();

    /// <summary>Whether two hosts bring its machines home between them, without the host's own failback.</summary>
    public bool IsHostToHost { get; init; }

    /// <summary>The stored events, in the order of their versions.</summary>
    public IReadOnlyList<Stored> Stored { get; init; } = [];

    /// <summary>The failbacks that took effect, as the simulated hosts logged them.</summary>
    public IReadOnlyList<Effect> Effects { get; init; } = [];

    /// <summary>What watchers received, in order.</summary>
    public IReadOnlyList<Sighting> Sightings { get; init; } = [];

    /// <summary>The answers to commands.</summary>
    public IReadOnlyList<Answer> Answers { get; init; } = [];

    /// <summary>The items as the coordinator shows them after the end.</summary>
    public IReadOnlyList<ShownItem> Shown { get; init; } = [];

    /// <summary>The machines of pairs, as both hosts have them after the end.</summary>
    public IReadOnlyList<PairEnd> Pairs { get; init; } = [];

    /// <summary>What was broken, and when.</summary>
    public IReadOnlyList<Strike> Strikes { get; init; } = [];

    /// <summary>How long a host must be out of reach before the document gives its items up; null when that is not checked.</summary>
    public TimeSpan? UnreachableAfter { get; init; }

    /// <summary>How many services were down for their switch at once, at most.</summary>
    public int MostDown { get; init; }

    /// <summary>Whether the campaign was seen to end within its bound.</summary>
    public bool HasEnded { get; init; }

    /// <summary>What is wrong with the exported audit chain; null when it is whole.</summary>
    public string? AuditFinding { get; init; }
}

/// <summary>The limits of a document; null for none.</summary>
internal sealed record Allowed(int? Campaign = null, int? Host = null, int? Switch = null);

/// <summary>What a stored event means to the checker.</summary>
internal enum Fact
{
    /// <summary>Nothing in particular.</summary>
    Other,

    /// <summary>An item was planned; <see cref="Stored.Text"/> is its host.</summary>
    Planned,

    /// <summary>An attempt began.</summary>
    Starting,

    /// <summary>The agent has it, or the host works on it.</summary>
    Progress,

    /// <summary>The item left flight, and will go on later.</summary>
    Parked,

    /// <summary>The host has failed the machine back.</summary>
    Succeeded,

    Failed,

    Cancelled,

    Skipped,

    /// <summary>Nobody knows how it ended.</summary>
    Unknown,

    /// <summary>A person decided how it ended.</summary>
    Resolved,

    /// <summary>A person asked for another attempt.</summary>
    RetryRequested,

    /// <summary>Nothing starts from here on; <see cref="Stored.Text"/> is the cause.</summary>
    Paused,

    /// <summary>The cause of a pause has ended.</summary>
    Resumed,

    /// <summary>Nothing starts for good.</summary>
    Stopping,

    /// <summary>More failed than was tolerated.</summary>
    Breached,

    /// <summary>The campaign has ended; <see cref="Stored.Text"/> is its state.</summary>
    Ended,

    /// <summary>It runs again.</summary>
    Reopened,
}

/// <summary>An event as it is stored.</summary>
/// <param name="Version">Its version, from 1. Several facts of one event have the same.</param>
/// <param name="Time">When it was decided.</param>
/// <param name="Fact">What it means.</param>
/// <param name="Item">The item's id; null when it is about none.</param>
/// <param name="Text">The event's name and what belongs to it.</param>
internal sealed record Stored(long Version, DateTimeOffset Time, Fact Fact, string? Item, string Text)
{
    /// <summary>The attempt, from 1; 0 when it is about none.</summary>
    public int Attempt { get; init; }

    /// <summary>The machine, of a plan.</summary>
    public Guid Machine { get; init; }

    /// <summary>The time that the event itself has, where the coordinator's clock was set and <see cref="Time"/> is the true one; null where both are the same.</summary>
    public DateTimeOffset? OwnTime { get; init; }

    /// <summary>Whether the item is over with it.</summary>
    public bool IsTerminal => Fact is Fact.Succeeded or Fact.Failed or Fact.Cancelled or Fact.Skipped or Fact.Unknown;
}

/// <summary>A failback that took effect on a host.</summary>
/// <param name="Host">The host.</param>
/// <param name="Machine">The machine.</param>
/// <param name="Time">When it was accepted.</param>
/// <param name="End">When its job was no longer there, however it ended; null when it still is.</param>
/// <param name="Succeeded">Whether the machine was failed back by it.</param>
internal sealed record Effect(string Host, Guid Machine, DateTimeOffset Time, DateTimeOffset? End, bool Succeeded)
{
    /// <summary>Whether somebody else made the call.</summary>
    public bool IsForeign { get; init; }
}

/// <summary>What one message told one watcher about one item.</summary>
/// <param name="Watcher">Which watcher.</param>
/// <param name="Stream">The number of the stream, from 1: a watcher whose stream broke opens another.</param>
/// <param name="Time">When it arrived.</param>
/// <param name="Version">The campaign's version; 0 when the message has none.</param>
/// <param name="Item">The item's id.</param>
/// <param name="State">Its state, as the contract names it.</param>
/// <param name="Attempt">Its attempt.</param>
/// <param name="Percent">Its percentage; null for none.</param>
/// <param name="Explanation">What was said about it.</param>
internal sealed record Sighting(string Watcher, int Stream, DateTimeOffset Time, long Version, string Item, string State, string Attempt, int? Percent, string Explanation);

/// <summary>The answer to a command.</summary>
/// <param name="Time">When it came.</param>
/// <param name="Command">The command.</param>
/// <param name="Status">The status, OK or another.</param>
internal sealed record Answer(DateTimeOffset Time, string Command, string Status)
{
    /// <summary>Whether nobody with a right to it gave it.</summary>
    public bool IsHostile { get; init; }

    /// <summary>The stored event that an OK promises; null for none.</summary>
    public Fact? Promises { get; init; }

    /// <summary>Whether it took effect, as the client was told.</summary>
    public bool IsOk => Status == "OK";
}

/// <summary>An item as it is shown after the end.</summary>
internal sealed record ShownItem(string Item, string Name, string State, string Explanation);

/// <summary>A machine of a pair, as both hosts have it after the end.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Name">The machine's name.</param>
/// <param name="RunsAtHome">Whether it runs at home.</param>
/// <param name="BothRan">For how long it ran twice.</param>
/// <param name="HomeLacks">How much of what was written is not at home.</param>
/// <param name="IsMixed">Whether the disks at home hold parts of two histories.</param>
/// <param name="StartsAtHome">How often it was started at home.</param>
/// <param name="StartsAtRecovery">How often it was started at the recovery site.</param>
internal sealed record PairEnd(string Item, string Name, bool RunsAtHome, TimeSpan BothRan, TimeSpan HomeLacks, bool IsMixed, int StartsAtHome, int StartsAtRecovery);

/// <summary>Something that was broken.</summary>
/// <param name="What">What.</param>
/// <param name="Host">The host whose items it concerns; null when it concerns all.</param>
/// <param name="Begin">When it began.</param>
/// <param name="End">When it was whole again.</param>
/// <param name="RecoversFrom">When the product could begin to recover: at the blow for a kill, at the end for what lasts.</param>
internal sealed record Strike(string What, string? Host, DateTimeOffset Begin, DateTimeOffset End, DateTimeOffset RecoversFrom);

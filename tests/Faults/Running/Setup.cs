using HostAgent.Faults.Histories;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.Tests.Shared.Processes;

namespace HostAgent.Faults.Running;

/// <summary>What a run starts with.</summary>
internal sealed record Setup
{
    /// <summary>The hosts, all of them.</summary>
    public required Estate Estate { get; init; }

    /// <summary>How many times faster than the clock they work.</summary>
    public double Speed { get; init; } = 300;

    /// <summary>The processes.</summary>
    public ClusterSettings Servers { get; init; } = new() { IsRelayed = true };

    /// <summary>The campaigns, which run at once.</summary>
    public required IReadOnlyList<CampaignSetup> Campaigns { get; init; }

    /// <summary>How long the campaigns may take, from their start: many times what they need, since the machine may be busy with other things.</summary>
    public TimeSpan Bound { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether the coordinator's store is a PostgreSQL.</summary>
    public bool IsOnPostgreSql { get; init; }

    /// <summary>How many coordinators share the database: one is at work, the others stand by. More than one need PostgreSQL.</summary>
    public int Coordinators { get; init; } = 1;

    /// <summary>What happens to everything between the coordinator and the agents while nothing else is broken there.</summary>
    public WireFault Wire { get; init; }

    /// <summary>For how long an ended job stays readable, where every run must have one that ends and is removed while nobody looks; null where it need not.</summary>
    public TimeSpan? UnseenAfter { get; init; }

    /// <summary>How long the operator waits before a failback, or a step between two hosts, that no longer moves is cancelled; null when none is.</summary>
    public TimeSpan? CancelsAfter { get; init; }
}

/// <summary>A campaign of a run.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Document">Its document.</param>
/// <param name="Allowed">The limits that the document states.</param>
/// <param name="IsHostToHost">Whether its machines go home between two hosts.</param>
internal sealed record CampaignSetup(string Id, string Document, Allowed Allowed, bool IsHostToHost)
{
    /// <summary>How long a host must be out of reach before the document gives its items up; null when that is not checked.</summary>
    public TimeSpan? UnreachableAfter { get; init; }

    /// <summary>Its resource name.</summary>
    public string Name => $"campaigns/{Id}";
}

/// <summary>A fault that the seed has decided on.</summary>
/// <param name="After">When it strikes, from the start of the campaigns.</param>
/// <param name="What">What it is, with all that the seed decided.</param>
/// <param name="StrikeAsync">Does it; completes when all is whole again.</param>
internal sealed record PlannedStrike(TimeSpan After, string What, Func<Theatre, CancellationToken, Task> StrikeAsync)
{
    /// <summary>Whether the next fault does not wait for its end.</summary>
    public bool RunsBeside { get; init; }

    public override string ToString() => FormattableString.Invariant($"{After.TotalSeconds:0.000} s: {What}");
}

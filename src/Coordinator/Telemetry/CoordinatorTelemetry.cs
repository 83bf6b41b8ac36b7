using System.Diagnostics;
using System.Diagnostics.Metrics;
using HostAgent.Hosting.Telemetry;

namespace HostAgent.Coordinator.Telemetry;

/// <summary>What the coordinator tells of its work: the source and the meter <c>HostAgent.Coordinator</c>. Without a listener nothing is made and nothing measured.</summary>
internal static class CoordinatorTelemetry
{
    /// <summary>The name of the source and of the meter.</summary>
    public const string Name = "HostAgent.Coordinator";

    private static readonly Meter Meter = new(Name);

    /// <summary>The source of the spans.</summary>
    public static ActivitySource Spans { get; } = new(Name);

    /// <summary>What became of items.</summary>
    public static Counter<long> Transitions { get; } = Meter.CreateCounter<long>("failback.item.transitions", "{transition}", "Changes of the state of items, by the state that they came to.");

    /// <summary>How long attempts at items took.</summary>
    public static Histogram<double> Durations { get; } = Meter.CreateHistogram<double>("failback.item.duration", "s", "How long items took from their start to their end, by how they ended.");

    /// <summary>How long it takes to make the decisions of a turn durable.</summary>
    public static Histogram<double> Turns { get; } = Meter.CreateHistogram<double>("failback.campaign.commit.duration", "s", "How long it takes to make the decisions of a turn of a campaign durable.");

    /// <summary>Begins a span of an operation on an agent, linked to the turn of the campaign that has decided it.</summary>
    /// <param name="name">What is done.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="host">The agent's host.</param>
    public static Activity? StartOperation(string name, string operation, string host)
    {
        var cause = Activity.Current?.Context;
        var span = Guid.TryParse(operation, out var id)
            ? Spans.StartActivity(name, ActivityKind.Internal, OperationTrace.Of(id), links: cause is { } context ? [new ActivityLink(context)] : null)
            : null;
        return span?.SetTag("failback.operation.id", operation).SetTag("failback.host", host);
    }
}

using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace HostAgent.Agent.Telemetry;

/// <summary>What agents tell of their work: the source and the meter <c>HostAgent.Agent</c>. Without a listener nothing is made and nothing measured.</summary>
internal static class AgentTelemetry
{
    private const string Name = "HostAgent.Agent";

    private static readonly Meter Meter = new(Name);

    /// <summary>The source of the spans.</summary>
    public static ActivitySource Spans { get; } = new(Name);

    /// <summary>How long the journal takes to make an event durable.</summary>
    public static Histogram<double> Commits { get; } = Meter.CreateHistogram<double>("failback.journal.commit.duration", "s", "How long the journal takes to make an event durable.");

    /// <summary>How long the host takes to answer a method.</summary>
    public static Histogram<double> Calls { get; } = Meter.CreateHistogram<double>("failback.host.call.duration", "s", "How long the host takes to answer a method.");

    /// <summary>How operations have ended.</summary>
    public static Counter<long> Conclusions { get; } = Meter.CreateCounter<long>("failback.operation.conclusions", "{operation}", "Operations that have ended, by kind and outcome.");

    /// <summary>Begins a span, but only as a part of another: what no operation asked for is no trace.</summary>
    public static Activity? StartPart(string name, ActivityKind kind = ActivityKind.Internal) => Activity.Current is null ? null : Spans.StartActivity(name, kind);
}

using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Internal.Snapshots;

/// <summary>A circuit breaker.</summary>
internal sealed record CircuitFacts(BreakerStatus Status, bool Unreachable, DateTimeOffset? Until, int Openings, int Probe)
{
    public static CircuitFacts Of(CircuitBreaker circuit) => new(circuit.Status, circuit.Unreachable, circuit.Until, circuit.Openings, circuit.Probe);
}

namespace HostAgent.Benchmarks.Grpc;

/// <summary>How often and how long everything is measured.</summary>
/// <param name="Rounds">How many times; each implementation's turn comes once in every round.</param>
/// <param name="WarmUp">How long a workload runs before it is measured.</param>
/// <param name="Measured">How long it is measured.</param>
internal sealed record RoundPlan(int Rounds, TimeSpan WarmUp, TimeSpan Measured)
{
    public static readonly RoundPlan Default = new(3, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(0.8));

    public static readonly RoundPlan Quick = new(1, TimeSpan.FromSeconds(0.03), TimeSpan.FromSeconds(0.03));
}

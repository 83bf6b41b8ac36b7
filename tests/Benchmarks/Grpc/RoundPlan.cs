namespace HostAgent.Benchmarks.Grpc;

/// <summary>How often and how long everything is measured.</summary>
/// <param name="Rounds">How many times; each implementation's turn comes once in every round.</param>
/// <param name="Window">How long each window of a load is. The first window of the fresh processes is the cold figure.</param>
/// <param name="WarmUp">When a load is warm. The windows that agree are the warm figure.</param>
internal sealed record RoundPlan(int Rounds, TimeSpan Window, WarmUp WarmUp)
{
    public static readonly RoundPlan Default = new(3, TimeSpan.FromSeconds(1), new WarmUp(Least: 6, Most: 25, Band: 0.05));

    public static readonly RoundPlan Quick = new(1, TimeSpan.FromSeconds(0.03), WarmUp.None);
}

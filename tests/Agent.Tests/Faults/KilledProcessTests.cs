using System.Globalization;
using HostAgent.Agent.Operations;
using HostAgent.Agent.Tests.Support.Processes;

namespace HostAgent.Agent.Tests.Faults;

/// <summary>
/// Fault 1 with a real process: agents die by SIGKILL at each of the five points, again and again, with several operations under way. The hosts, which
/// outlive them, count what they were asked for; the clients compare what they were told.
/// </summary>
public sealed class KilledProcessTests(ITestOutputHelper output)
{
    private const int OperationsPerLife = 2;
    private static readonly int Seeds = int.Parse(Environment.GetEnvironmentVariable("KILL_SEEDS") ?? "5", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Agents_killed_at_every_point_double_no_initiation_and_lose_no_ending()
    {
        await using var stage = new KillStage(Enum.GetValues<OperationCheckpoint>(), machines: Seeds * OperationsPerLife);
        for (var seed = 0; seed < Seeds; seed++)
        {
            await stage.LiveAndDieAsync(seed, OperationsPerLife);
        }

        await stage.LiveToTheEndAsync();

        foreach (var host in stage.Hosts)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{host.KillAt}: {Seeds} seeds, {host.Operations.Count} operations, {host.Doubled()} doubled, {host.Lost()} lost, {host.Told} messages, worst recovery {host.WorstRecovery.TotalSeconds:0.0} s"));
            host.Doubled().ShouldBe(0, host.KillAt.ToString());
            host.Lost().ShouldBe(0, host.KillAt.ToString());
            host.Contradictions.ShouldBeEmpty(host.KillAt.ToString());
            host.Operations.ShouldAllBe(operation => operation.HasSucceeded);
        }
    }
}

using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Failover.Tests.Simulated;

/// <summary>
/// The way home over two simulated hosts, each time with one thing that goes wrong in one moment of one step: a host's power, a management service, the
/// link. It ends at home, back, or in a question; never do both run, and what runs at the end has every write.
/// </summary>
public sealed class SimulatedFaultTests(ITestOutputHelper output)
{
    private const int Steps = 11;
    private static readonly int[] Seconds = [0, 3, 12, -1];
    private static readonly SimulatedVirtualMachineDescription Machine = new() { Name = "sql-01", Id = new Guid(1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]), DiskGigabytes = 10, ChangedGigabytes = 1 };

    /// <summary>What goes wrong.</summary>
    public enum Fault
    {
        /// <summary>A host loses its power for five minutes.</summary>
        Power,

        /// <summary>A management service restarts.</summary>
        Service,

        /// <summary>The link is cut for five minutes.</summary>
        Link,
    }

    public static TheoryData<Fault, Side, Goal> Cases => new()
    {
        { Fault.Power, Side.Recovery, Goal.Home },
        { Fault.Power, Side.Home, Goal.Home },
        { Fault.Service, Side.Recovery, Goal.Home },
        { Fault.Service, Side.Home, Goal.Home },
        { Fault.Link, Side.Home, Goal.Home },
        // And a person who gives up when it has happened.
        { Fault.Power, Side.Recovery, Goal.Back },
        { Fault.Power, Side.Home, Goal.Back },
        { Fault.Link, Side.Home, Goal.Back },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Fault_in_any_moment_ends_well_or_in_a_question(Fault fault, Side side, Goal goal)
    {
        var ends = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var step = 1; step <= Steps; step++)
        {
            foreach (var second in Seconds)
            {
                var (happened, end) = await DriveAsync(fault, side, goal, step, second);
                ends[happened ? end.ToString()! : "did not come to it"] = ends.GetValueOrDefault(happened ? end.ToString()! : "did not come to it") + 1;
            }
        }

        output.WriteLine(string.Join(Environment.NewLine, ends.Select(one => $"{one.Value,4} {one.Key}")));
        ends.Keys.ShouldContain(key => key.StartsWith("Done", StringComparison.Ordinal));
    }

    private static async Task<(bool Happened, Decision End)> DriveAsync(Fault fault, Side side, Goal goal, int step, int second)
    {
        await using var driver = await PairDriver.OpenAsync(
            Machine with { State = ReplicationState.Recovered, Power = EnabledState.Running }, Machine with { Mode = ReplicationMode.Primary, State = ReplicationState.WaitingForStartResynchronize });
        await driver.StartByThemselvesAsync();
        var happened = false;
        driver.During = (made, at) =>
        {
            if (!happened && made == step && at == second)
            {
                happened = true;
                Break(driver, fault, side);
                (driver.Goal, driver.Records) = (goal, driver.Records.Aims(goal));
            }
        };

        var end = await driver.DriveAsync(most: step + 25);
        var what = $"{fault} at {side} in second {second} of step {step}: {string.Join(", ", driver.Walk)}, {end}";
        var (recovery, home) = (await driver.ReadAsync(Side.Recovery), await driver.ReadAsync(Side.Home));
        var content = driver.Pair.Compare(Machine.Id);
        if (home.Power == Power.Running)
        {
            (content.SecondHasAll, content.SecondIsMixed).ShouldBe((true, false), what);
        }
        else if (recovery.Power == Power.Running && end is Done)
        {
            content.FirstIsMixed.ShouldBeFalse(what);
        }

        if (end is Done)
        {
            (recovery.Power == Power.Running || home.Power == Power.Running).ShouldBeTrue(what);
        }

        return (happened, end);
    }

    private static void Break(PairDriver driver, Fault fault, Side side)
    {
        switch (fault)
        {
            case Fault.Power:
                driver.FailPower(side, seconds: 300);
                break;
            case Fault.Service:
                driver.HostOf(side).RestartManagementService();
                break;
            case Fault.Link:
                driver.CutLink(seconds: 300);
                break;
        }
    }
}

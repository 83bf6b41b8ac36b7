using System.Globalization;
using HostAgent.Failover.Tests.Model;
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

    [Theory]
    [InlineData(Fault.Power, Side.Recovery)]
    [InlineData(Fault.Power, Side.Home)]
    [InlineData(Fault.Service, Side.Recovery)]
    [InlineData(Fault.Service, Side.Home)]
    [InlineData(Fault.Link, Side.Home)]
    public async Task Fault_after_any_step_towards_a_host_that_is_new_ends_well_or_in_a_question(Fault fault, Side side)
        => await AfterEachStepAsync(fault, side, Machine with { State = ReplicationState.Recovered, Power = EnabledState.Running }, home: null);

    [Theory]
    [InlineData(Fault.Power, Side.Recovery)]
    [InlineData(Fault.Power, Side.Home)]
    [InlineData(Fault.Service, Side.Recovery)]
    [InlineData(Fault.Service, Side.Home)]
    [InlineData(Fault.Link, Side.Home)]
    public async Task Fault_after_any_step_from_a_planned_failover_ends_well_or_in_a_question(Fault fault, Side side) => await AfterEachStepAsync(
        fault, side,
        Machine with { State = ReplicationState.Recovered, Power = EnabledState.Running, PeerState = ReplicationState.SyncedReplicationComplete, SinceLastReplication = TimeSpan.Zero },
        Machine with { Mode = ReplicationMode.Primary, State = ReplicationState.SyncedReplicationComplete });

    private async Task AfterEachStepAsync(Fault fault, Side side, SimulatedVirtualMachineDescription recovery, SimulatedVirtualMachineDescription? home)
    {
        var ends = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var step = 1; step <= Steps; step++)
        {
            var happened = false;
            var end = await DriveAsync($"{fault} at {side} after step {step}", recovery, home, driver => (made, at) =>
            {
                if (!happened && made == step && at == -1)
                {
                    happened = true;
                    Break(driver, fault, side);
                }
            });
            ends[end.ToString()!] = ends.GetValueOrDefault(end.ToString()!) + 1;
        }

        output.WriteLine(string.Join(Environment.NewLine, ends.Select(one => $"{one.Value,4} {one.Key}")));
        ends.Keys.ShouldContain(key => key.StartsWith("Done", StringComparison.Ordinal));
    }

    /// <summary>FAILOVER_SEEDS asks for more walks than a test run has time for.</summary>
    [Fact]
    public async Task Three_faults_at_random_moments_end_well_or_in_a_question()
    {
        var seeds = int.TryParse(Environment.GetEnvironmentVariable("FAILOVER_SEEDS"), CultureInfo.InvariantCulture, out var asked) ? asked : 150;
        var ends = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var seed = 0; seed < seeds; seed++)
        {
            var end = await DriveAtRandomAsync(seed, decide: null);
            ends[end.ToString()!] = ends.GetValueOrDefault(end.ToString()!) + 1;
        }

        output.WriteLine(string.Join(Environment.NewLine, ends.Select(one => $"{one.Value,4} {one.Key}")));
    }

    [Fact]
    public async Task Function_that_does_not_prove_the_last_changes_is_found_out()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            try
            {
                await DriveAtRandomAsync(seed, Mutants.All["C1+C2 final changes and planned point are proved"].Function);
            }
            catch (ShouldAssertException exception)
            {
                output.WriteLine(exception.Message);
                return;
            }
        }

        Assert.Fail("Nothing was noticed in 500 walks.");
    }

    private static Task<Decision> DriveAtRandomAsync(int seed, Decide? decide)
    {
        var random = new Random(seed);
        var moments = Enumerable.Range(0, 3).Select(_ => (Step: random.Next(1, 14), Second: random.Next(-1, 40), Fault: (Fault)random.Next(3), Side: (Side)random.Next(2))).ToList();
        var turns = random.Next(4) == 0 ? random.Next(1, 14) : int.MaxValue;
        return DriveAsync($"seed {seed}", driver =>
        {
            driver.Decide = decide ?? driver.Decide;
            return (made, at) =>
            {
                foreach (var moment in moments.Where(one => one.Step == made && one.Second == at).ToList())
                {
                    moments.Remove(moment);
                    Break(driver, moment.Fault, moment.Side);
                }

                if (made == turns)
                {
                    (driver.Goal, driver.Records, turns) = (Goal.Back, driver.Records.Aims(Goal.Back), int.MaxValue);
                }
            };
        });
    }

    private static async Task<(bool Happened, Decision End)> DriveAsync(Fault fault, Side side, Goal goal, int step, int second)
    {
        var happened = false;
        var end = await DriveAsync($"{fault} at {side} in second {second} of step {step}", driver => (made, at) =>
        {
            if (!happened && made == step && at == second)
            {
                happened = true;
                Break(driver, fault, side);
                (driver.Goal, driver.Records) = (goal, driver.Records.Aims(goal));
            }
        });
        return (happened, end);
    }

    private static Task<Decision> DriveAsync(string what, Func<PairDriver, Action<int, int>> during) => DriveAsync(
        what, Machine with { State = ReplicationState.Recovered, Power = EnabledState.Running }, Machine with { Mode = ReplicationMode.Primary, State = ReplicationState.WaitingForStartResynchronize }, during);

    private static async Task<Decision> DriveAsync(
        string what, SimulatedVirtualMachineDescription atRecovery, SimulatedVirtualMachineDescription? atHome, Func<PairDriver, Action<int, int>> during)
    {
        await using var driver = await PairDriver.OpenAsync(atRecovery, atHome);
        await driver.StartByThemselvesAsync();
        driver.During = during(driver);
        var end = await driver.DriveAsync(most: 60);
        driver.Settle();
        what = $"{what}: {string.Join(", ", driver.Walk)}, {end}";
        var (recovery, home) = (await driver.ReadAsync(Side.Recovery), await driver.ReadAsync(Side.Home));
        if (home.Presence == Presence.Absent)
        {
            recovery.Power.ShouldBe(Power.Running, what);
            return end;
        }

        var content = driver.Pair.Compare(Machine.Id);
        content.BothRan.ShouldBe(TimeSpan.Zero, what);
        (recovery.Power == Power.Running && home.Power == Power.Running).ShouldBeFalse(what);
        if (home.Power == Power.Running)
        {
            (content.SecondHasAll, content.SecondIsMixed).ShouldBe((true, false), what);
        }
        else if (recovery.Power == Power.Running)
        {
            content.FirstIsMixed.ShouldBeFalse(what);
        }

        if (end is Done)
        {
            (recovery.Power == Power.Running || home.Power == Power.Running).ShouldBeTrue(what);
        }

        return end;
    }

    private static void Break(PairDriver driver, Fault fault, Side side)
    {
        switch (fault)
        {
            case Fault.Power:
                driver.FailPower(side, seconds: 300);
                break;
            case Fault.Service when driver.HasPower(side):
                driver.HostOf(side).RestartManagementService();
                break;
            case Fault.Link:
                driver.CutLink(seconds: 300);
                break;
        }
    }
}

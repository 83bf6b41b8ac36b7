using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Faults;
using HostAgent.HyperV.Simulation.Tests.Methods;
using HostAgent.HyperV.Simulation.Tests.Methods.Server;
using HostAgent.HyperV.VirtualMachines;
using Microsoft.Extensions.Time.Testing;

namespace HostAgent.HyperV.Simulation.Tests.Properties;

/// <summary>Whatever is done in whatever order, and whenever the process is killed.</summary>
public sealed class HostProperties
{
    private const int Machines = 4;

    private static readonly Fault[][] FaultSets =
    [
        [],
        [new AnswerFault(ReturnCode.SystemInUse) { Times = 1 }, new PercentGoesBackFault()],
        [new JobVanishesFault { AtPercent = 30, State = Replication.ReplicationState.Recovered, Times = 1 }],
        [new JobEndsFault { State = Replication.ReplicationState.Recovered, Times = 2 }],
    ];

    [Property(MaxTest = 60, Replay = "20261121,7301", Arbitrary = [typeof(Steps)])]
    public Task The_hosts_promises_hold(Step[] steps) => HoldAsync(steps, compactAbove: long.MaxValue);

    [Property(MaxTest = 60, Replay = "20261122,7301", Arbitrary = [typeof(Steps)])]
    public Task They_hold_however_often_the_past_is_summarized(Step[] steps) => HoldAsync(steps, compactAbove: 1);

    private static async Task HoldAsync(Step[] steps, long compactAbove)
    {
        var folder = Directory.CreateTempSubdirectory("simulated-host-");
        try
        {
            await RunAsync(steps, Path.Combine(folder.FullName, "state.jsonl"), compactAbove);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task RunAsync(Step[] steps, string stateFile, long compactAbove)
    {
        var time = new FakeTimeProvider(Stage.Began);
        var machines = FaultSets.Select((faults, index) => Stage.Machine($"vm-{index}", index + 1) with { Faults = faults }).ToList();
        var host = Stage.HostOf(machines) with { MaxConcurrentJobs = 3 };
        var options = new SimulationOptions { StateFile = stateFile, MinimumJobRetention = TimeSpan.Zero, Seed = 3, CompactAbove = compactAbove };
        var accepted = new int[Machines];
        var stage = await Stage.OpenAsync(host, options, time);
        try
        {
            foreach (var step in steps)
            {
                var id = new VirtualMachineId(machines[step.Machine].Id);
                switch (step.Kind)
                {
                    case StepKind.Initiate:
                        accepted[step.Machine] += (await stage.InitiateAsync(id)).Code is ReturnCode.JobStarted ? 1 : 0;
                        break;
                    case StepKind.Cancel when await stage.Door.ListJobsAsync(id, Stage.Token) is [.., var job]:
                        await stage.Door.RequestJobTerminationAsync(job.Path, Stage.Token);
                        break;
                    case StepKind.ChangeServer:
                        (await ServerSubject.CallAsync(stage, "ModifyServiceSettings", ("SettingData", ServerSubject.Text(
                            HyperVClasses.ReplicationServiceSettingData, ("HttpPort", (ushort)(1 + step.Seconds)))))).ReturnValue.ShouldBe(0u);
                        break;
                    case StepKind.SetAddresses:
                        (await new Operator(stage, id).ServiceAsync("SetFailoverNetworkAdapterSettings", ("NetworkSettings", new[]
                        {
                            ServerSubject.Text("Msvm_FailoverNetworkAdapterSettingData", ("DHCPEnabled", false), ("IPAddresses", new[] { $"10.0.0.{(int)(step.Seconds % 250)}" })),
                        }))).ReturnValue.ShouldBeOneOf((uint)ReturnCode.JobStarted, (uint)ReturnCode.SystemInUse);
                        break;
                    case StepKind.Restart:
                        stage.Host.RestartManagementService();
                        break;
                    case StepKind.Pass:
                        stage.Pass(step.Seconds);
                        break;
                    case StepKind.Reopen:
                        var before = await ViewAsync(stage);
                        await stage.DisposeAsync();
                        stage = await Stage.OpenAsync(host, options, time);
                        (await ViewAsync(stage)).ShouldBe(before);
                        break;
                }

                await RequirePromisesAsync(stage, machines, accepted);
            }

            SimulatedHost.ReadInitiations(stateFile).Total.ShouldBe(accepted.Sum());
        }
        finally
        {
            await stage.DisposeAsync();
        }
    }

    private static async Task RequirePromisesAsync(Stage stage, List<SimulatedVirtualMachineDescription> machines, int[] accepted)
    {
        var counted = stage.Host.Initiations;
        for (var index = 0; index < Machines; index++)
        {
            counted.For(machines[index].Id).ShouldBe(accepted[index]);
            var jobs = await stage.Door.ListJobsAsync(new(machines[index].Id), Stage.Token);
            jobs.Count(job => job.Verdict is Jobs.JobVerdict.Live).ShouldBeLessThanOrEqualTo(1);
            jobs.ShouldAllBe(job => job.PercentComplete >= 0 && job.PercentComplete <= 100);
        }
    }

    /// <summary>Everything a client can see, as text.</summary>
    private static async Task<string> ViewAsync(Stage stage)
    {
        var lines = new List<string>();
        foreach (var name in new[] { "Msvm_ComputerSystem", "Msvm_ReplicationRelationship", "CIM_SettingData", "Msvm_ConcreteJob" })
        {
            foreach (var instance in await stage.Session.ListInstancesAsync(name, [], Stage.Token))
            {
                lines.Add(instance.Path + ": " + string.Join(", ", instance.Properties.OrderBy(property => property.Key, StringComparer.Ordinal)
                    .Select(property => $"{property.Key}={(property.Value is Array array ? string.Join('|', array.Cast<object>()) : property.Value)}")));
            }
        }

        lines.AddRange(stage.Host.Initiations.All.Select(initiation => initiation.ToString()));
        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }

    /// <summary>What may be done to a host.</summary>
    public enum StepKind
    {
        Initiate,
        Cancel,
        ChangeServer,
        SetAddresses,
        Restart,
        Pass,
        Reopen,
    }

    /// <summary>One thing done.</summary>
    public sealed record Step(StepKind Kind, int Machine, double Seconds);

    /// <summary>Draws steps: mostly calls and time that passes.</summary>
    public static class Steps
    {
        public static Arbitrary<Step> Step() => (
            from kind in Gen.Frequency(
                (4, Gen.Constant(StepKind.Initiate)), (2, Gen.Constant(StepKind.Cancel)), (1, Gen.Constant(StepKind.Restart)),
                (1, Gen.Constant(StepKind.ChangeServer)), (1, Gen.Constant(StepKind.SetAddresses)),
                (6, Gen.Constant(StepKind.Pass)), (3, Gen.Constant(StepKind.Reopen)))
            from machine in Gen.Choose(0, Machines - 1)
            from tenthOfMilliseconds in Gen.Choose(1, 3_000_000)
            select new Step(kind, machine, tenthOfMilliseconds / 10_000.0)).ToArbitrary();
    }
}

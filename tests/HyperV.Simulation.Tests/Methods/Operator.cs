using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Tests.Methods;

/// <summary>Calls the methods of the host-to-host procedure on one machine, as a client would.</summary>
internal sealed class Operator(Stage stage, VirtualMachineId id)
{
    public VirtualMachineId Id => id;

    public static CimObjectPath PathOf(VirtualMachineId machine) => new(
        HyperVClasses.ComputerSystem, [new("CreationClassName", HyperVClasses.ComputerSystem), new("Name", machine.ToString())]);

    /// <summary>A method of the replication service; the machine goes with it.</summary>
    public async Task<CimMethodResult> ServiceAsync(string method, params (string Name, object? Value)[] inputs)
    {
        var service = (await stage.Session.ListInstancesAsync(HyperVClasses.ReplicationService, [], Stage.Token)).ShouldHaveSingleItem();
        return await InvokeAsync(service.Path!, method, [("ComputerSystem", PathOf(id)), .. inputs]);
    }

    /// <summary>A method of the machine itself.</summary>
    public Task<CimMethodResult> MachineAsync(string method, params (string Name, object? Value)[] inputs) => InvokeAsync(PathOf(id), method, inputs);

    public Task<CimMethodResult> RequestReplicationAsync(ushort state) => MachineAsync("RequestReplicationStateChangeEx", ("RequestedState", state));

    public Task<CimMethodResult> RequestPowerAsync(ushort state) => MachineAsync("RequestStateChange", ("RequestedState", state));

    public async Task<CimMethodResult> ReverseAsync()
        => await ServiceAsync("ReverseReplicationRelationship", ("ReplicationSettingData", (await stage.Door.GetReplicationSettingsAsync(id, Stage.Token))!.ToEmbeddedText()));

    /// <summary>The machine's settings as the text that methods take, with some values set; they are the extended relationship's where that is asked for.</summary>
    public async Task<string> SettingsAsync(ReplicationSettingOverrides? overrides = null, bool extended = false)
    {
        var key = new ReplicationInstanceId(id, extended).ToString();
        var settings = await stage.Session.GetInstanceAsync(CimObjectPath.ForKey(HyperVClasses.ReplicationSettingData, "InstanceID", key), Stage.Token);
        return new ReplicationSettingData(settings.ShouldNotBeNull()).With(overrides ?? new ReplicationSettingOverrides()).ToEmbeddedText();
    }

    /// <summary>A call that must be refused, and start no job.</summary>
    public static async Task RefusedAsync(Task<CimMethodResult> call, ReturnCode code)
    {
        var result = await call;
        ((ReturnCode)result.ReturnValue).ShouldBe(code);
        result.Outputs["Job"].ShouldBeNull();
    }

    /// <summary>Lets a call's job run to its end, which must be good.</summary>
    public async Task<ConcreteJob> FinishAsync(Task<CimMethodResult> call, JobType type)
    {
        var result = await call;
        ((ReturnCode)result.ReturnValue).ShouldBe(ReturnCode.JobStarted);
        var path = result.Outputs["Job"].ShouldBeOfType<CimObjectPath>();
        (await stage.JobAsync(path)).JobType.ShouldBe(type);
        for (var look = 0; look < 1000; look++)
        {
            if (await stage.JobAsync(path) is { IsTerminal: true } job)
            {
                job.State.ShouldBe(JobState.Completed);
                return job;
            }

            stage.Pass(1);
        }

        throw new InvalidOperationException($"The {type} job does not end.");
    }

    public async Task<VirtualMachine> SeeAsync() => (await stage.Door.FindVirtualMachineAsync(id, Stage.Token)).ShouldNotBeNull();

    private Task<CimMethodResult> InvokeAsync(CimObjectPath target, string method, (string Name, object? Value)[] inputs)
        => stage.Session.InvokeMethodAsync(target, method, inputs.ToDictionary(input => input.Name, input => input.Value), Stage.Token);
}

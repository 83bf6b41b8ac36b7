using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Tests.Scripted;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Tests.Failback;

public sealed class InitiateFailbackTests
{
    private const string Job = @"\\HV-WEST-01\root\virtualization\v2:Msvm_ConcreteJob.InstanceID=""E4C92FB5-794B-4658-9506-ED47287B239C""";
    private readonly ScriptedHost _script = new();
    private readonly FailbackCall _call;

    public InitiateFailbackTests() => _call = new FailbackCall(_script.AddMachine(new MachineScript()), "<INSTANCE/>", "Microsoft:P1");

    private void Answer(uint code, object? job = null) => _script.Session.OnMethod(
        HyperVClasses.ReplicationService, "InitiateFailback",
        (_, _) => new CimMethodResult(code, new Dictionary<string, object?> { ["Job"] = job }));

    [Fact]
    public async Task The_inputs_are_a_reference_a_text_and_an_identifier()
    {
        Answer(4096, CimObjectPath.Parse(Job));
        var answer = await _script.Host.InitiateFailbackAsync(_call, CancellationToken.None);
        answer.ShouldBe(new FailbackAnswer(ReturnCode.JobStarted, CimObjectPath.Parse(Job)));
        var inputs = _script.Session.LastInputs.ShouldNotBeNull();
        inputs.Keys.ShouldBe(["ComputerSystem", "ReplicationSettingData", "RecoveryPointIdentifier"], ignoreOrder: true);
        inputs["ComputerSystem"].ShouldBeOfType<CimObjectPath>().ToString().ShouldBe(
            $@"\\HV-WEST-01\root\virtualization\v2:Msvm_ComputerSystem.CreationClassName=""Msvm_ComputerSystem"",Name=""{_call.VirtualMachine}""");
        inputs["ReplicationSettingData"].ShouldBe("<INSTANCE/>");
        inputs["RecoveryPointIdentifier"].ShouldBe("Microsoft:P1");
    }

    [Fact]
    public async Task Without_a_recovery_point_the_identifier_is_left_out()
    {
        Answer(4096, CimObjectPath.Parse(Job));
        await _script.Host.InitiateFailbackAsync(_call with { RecoveryPointIdentifier = null }, CancellationToken.None);
        _script.Session.LastInputs!.ContainsKey("RecoveryPointIdentifier").ShouldBeFalse();
    }

    [Fact]
    public async Task The_service_is_looked_up_for_each_call_and_the_method_called_once()
    {
        Answer(0);
        await _script.Host.InitiateFailbackAsync(_call, CancellationToken.None);
        await _script.Host.InitiateFailbackAsync(_call, CancellationToken.None);
        _script.Session.Calls.ShouldBe(
        [
            "List Msvm_ReplicationService", "Invoke Msvm_ReplicationService.InitiateFailback",
            "List Msvm_ReplicationService", "Invoke Msvm_ReplicationService.InitiateFailback",
        ]);
    }

    [Theory]
    [InlineData(0U)]
    [InlineData(32768U)]
    [InlineData(32774U)]
    [InlineData(32775U)]
    [InlineData(40000U)]
    public async Task Any_return_code_comes_back_as_its_number(uint code)
    {
        Answer(code);
        var answer = await _script.Host.InitiateFailbackAsync(_call, CancellationToken.None);
        answer.Number.ShouldBe(code);
        answer.Job.ShouldBeNull();
    }

    [Fact]
    public async Task A_job_may_be_of_another_class()
    {
        Answer(4096, CimObjectPath.Parse("Msvm_StorageJob.InstanceID=\"X\""));
        (await _script.Host.InitiateFailbackAsync(_call, CancellationToken.None)).Job!.ClassName.ShouldBe("Msvm_StorageJob");
    }

    [Fact]
    public async Task A_job_handed_out_as_text_or_as_an_instance_is_taken_as_its_path()
    {
        Answer(4096, Job);
        (await _script.Host.InitiateFailbackAsync(_call, CancellationToken.None)).Job.ShouldBe(CimObjectPath.Parse(Job));
        Answer(4096, new CimInstance(CimObjectPath.Parse(Job), "Msvm_ConcreteJob", []));
        (await _script.Host.InitiateFailbackAsync(_call, CancellationToken.None)).Job.ShouldBe(CimObjectPath.Parse(Job));
    }

    [Fact]
    public async Task Without_a_service_nothing_is_asked_and_the_reason_is_said()
    {
        Answer(4096);
        _script.Session.Remove(ScriptedHost.ServicePath);
        (await Should.ThrowAsync<ReplicationServiceMissingException>(() => _script.Host.InitiateFailbackAsync(_call, CancellationToken.None)))
            .Message.ShouldContain("Hyper-V Administrators");
        _script.Session.Calls.ShouldNotContain("Invoke Msvm_ReplicationService.InitiateFailback");
    }

    [Fact]
    public async Task A_failure_of_the_call_comes_through()
    {
        Answer(4096);
        _script.Session.FailOn("Invoke Msvm_ReplicationService.InitiateFailback", CimErrorCode.RpcCallFailed);
        (await Should.ThrowAsync<CimException>(() => _script.Host.InitiateFailbackAsync(
            _call with { VirtualMachine = new VirtualMachineId(Guid.Empty) }, CancellationToken.None))).ErrorCode.ShouldBe(CimErrorCode.RpcCallFailed);
    }
}

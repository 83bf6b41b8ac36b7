using System.Globalization;
using System.Runtime.Versioning;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Sessions;
using HostAgent.HyperV.Wmi;

namespace HostAgent.HyperV.Wine.Harness.Cases;

/// <summary>
/// The adapter on a namespace that is none of ours: <c>root\cimv2</c> as Wine has it. One call at a time, since Wine's provider does not
/// stand more. What Wine does otherwise than Windows stands in the README.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class WineNamespaceCases : IAsyncDisposable
{
    private static readonly WmiSessionOptions OneAtATime = new() { MaxConcurrentCalls = 1 };

    private readonly WmiCimSession _session = new(OneAtATime, TimeProvider.System, @"root\cimv2");

    private static CancellationToken Token => CancellationToken.None;

    private static CimObjectPath ThisProcess
        => CimObjectPath.ForKey("Win32_Process", "Handle", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));

    [Fact]
    public async Task A_query_returns_instances_with_typed_values()
    {
        var system = (await _session.ListInstancesAsync("Win32_OperatingSystem", [], Token)).ShouldHaveSingleItem();
        system.ClassName.ShouldBe("Win32_OperatingSystem");
        system.GetString("Version").ShouldNotBeNullOrEmpty();
        system["TotalVisibleMemorySize"].ShouldBeOfType<ulong>().ShouldBeGreaterThan(0ul);
        system["LastBootUpTime"].ShouldBeOfType<DateTimeOffset>().ShouldBeLessThan(DateTimeOffset.UtcNow);
        system["Primary"].ShouldBe(true);
    }

    [Fact]
    public async Task A_query_with_a_filter_returns_what_fits()
    {
        var process = (await _session.ListInstancesAsync("Win32_Process", [new("ProcessId", Environment.ProcessId)], Token)).ShouldHaveSingleItem();
        process["ProcessId"].ShouldBe((uint)Environment.ProcessId);
        (await _session.ListInstancesAsync("Win32_Process", [new("Name", "no such program 7c1f.exe")], Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_instance_is_read_by_its_path_and_a_missing_one_is_null()
    {
        (await _session.GetInstanceAsync(ThisProcess, Token)).ShouldNotBeNull()["ProcessId"].ShouldBe((uint)Environment.ProcessId);
        (await _session.GetInstanceAsync(CimObjectPath.ForKey("Win32_Process", "Handle", "999999"), Token)).ShouldBeNull();
    }

    [Fact]
    public async Task A_method_of_an_instance_returns_its_outputs()
    {
        var owner = await _session.InvokeMethodAsync(ThisProcess, "GetOwner", new Dictionary<string, object?>(), Token);
        owner.ReturnValue.ShouldBe(0u);
        owner.Outputs["User"].ShouldBeOfType<string>().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_method_of_a_class_takes_inputs_and_returns_outputs()
    {
        var inputs = new Dictionary<string, object?> { ["CommandLine"] = "cmd.exe /c exit" };
        var created = await _session.InvokeMethodAsync(new CimObjectPath("Win32_Process", []), "Create", inputs, Token);
        created.ReturnValue.ShouldBe(0u);
        created.Outputs["ProcessId"].ShouldBeOfType<uint>().ShouldBeGreaterThan(0u);
    }

    [Fact]
    public async Task A_missing_namespace_says_that_the_role_is_not_installed()
    {
        var refusal = await Should.ThrowAsync<WmiUnavailableException>(() => WmiSession.ConnectAsync(OneAtATime, TimeProvider.System, Token));
        refusal.Reason.ShouldBe(WmiUnavailableReason.NamespaceMissing);
        refusal.Message.ShouldContain("install the Hyper-V role");
    }

    [Fact]
    public async Task A_host_out_of_reach_says_so()
    {
        var elsewhere = OneAtATime with { Server = "no-such-host" };
        (await Should.ThrowAsync<WmiUnavailableException>(() => WmiSession.ConnectAsync(elsewhere, TimeProvider.System, Token)))
            .Reason.ShouldBe(WmiUnavailableReason.NotReachable);
    }

    [Fact]
    public async Task A_missing_class_is_not_found()
        => await CodeShouldBeAsync(
            CimErrorCode.NotFound, () => _session.InvokeMethodAsync(new CimObjectPath("Win32_NoSuchClass", []), "X", new Dictionary<string, object?>(), Token));

    [Fact]
    public async Task A_missing_method_is_not_implemented()
        => await CodeShouldBeAsync(
            CimErrorCode.MethodNotImplemented, () => _session.InvokeMethodAsync(ThisProcess, "NoSuchMethod", new Dictionary<string, object?>(), Token));

    [Fact]
    public async Task A_query_that_is_none_is_an_invalid_query()
        => await CodeShouldBeAsync(CimErrorCode.InvalidQuery, () => _session.ListInstancesAsync("SELECT", [], Token));

    [Fact]
    public async Task A_filter_on_a_property_that_the_class_lacks_fails()
        => await CodeShouldBeAsync(CimErrorCode.Failed, () => _session.ListInstancesAsync("Win32_Process", [new("NoSuchProperty", 1)], Token));

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    private static async Task CodeShouldBeAsync(uint code, Func<Task> call)
        => (await Should.ThrowAsync<CimException>(call)).ErrorCode.ShouldBe(code);
}

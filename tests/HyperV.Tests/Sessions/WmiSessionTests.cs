using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Sessions;
using HostAgent.HyperV.Wmi;

namespace HostAgent.HyperV.Tests.Sessions;

public sealed class WmiSessionTests
{
    [Fact]
    public async Task ConnectAsync_off_windows_refuses_and_says_so()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "This is Windows.");
        var refusal = await Should.ThrowAsync<WmiUnavailableException>(
            () => WmiSession.ConnectAsync(new WmiSessionOptions(), TimeProvider.System, CancellationToken.None));
        refusal.Reason.ShouldBe(WmiUnavailableReason.NotWindows);
        refusal.Message.ShouldContain("Windows only");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(601)]
    public async Task ConnectAsync_with_a_deadline_out_of_range_names_what_is_allowed(int seconds)
    {
        var refusal = await Should.ThrowAsync<ArgumentOutOfRangeException>(() => WmiSession.ConnectAsync(
            new WmiSessionOptions { CallTimeout = TimeSpan.FromSeconds(seconds) }, TimeProvider.System, CancellationToken.None));
        refusal.Message.ShouldContain("1 second to 10 minutes");
    }

    [Theory]
    [InlineData(CimErrorCode.InvalidNamespace, WmiUnavailableReason.NamespaceMissing, "Hyper-V role")]
    [InlineData(CimErrorCode.AccessDenied, WmiUnavailableReason.AccessDenied, "Hyper-V Administrators")]
    [InlineData(CimErrorCode.InvalidClass, WmiUnavailableReason.PlatformTooOld, "2012 R2")]
    [InlineData(CimErrorCode.MethodNotImplemented, WmiUnavailableReason.PlatformTooOld, "2012 R2")]
    [InlineData(CimErrorCode.RpcServerUnavailable, WmiUnavailableReason.NotReachable, "does not answer")]
    public void Refusal_is_explained_with_its_cure(uint code, WmiUnavailableReason reason, string words)
    {
        var refusal = WmiRefusals.Explain(".", new CimException(code, "as it came"));
        refusal.Reason.ShouldBe(reason);
        refusal.Message.ShouldContain(words);
    }
}

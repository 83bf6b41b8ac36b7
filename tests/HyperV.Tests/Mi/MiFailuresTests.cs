using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Mi;

namespace HostAgent.HyperV.Tests.Mi;

public sealed class MiFailuresTests
{
    /// <summary>Whatever the library makes of a failure, the layers above see one vocabulary.</summary>
    [Theory]
    [InlineData(0x80041002u, CimErrorCode.NotFound)] // an HRESULT stays what it is
    [InlineData(0x80010108u, CimErrorCode.RpcDisconnected)]
    [InlineData(1722u, CimErrorCode.RpcServerUnavailable)] // a Win32 number becomes its HRESULT
    [InlineData(1460u, CimErrorCode.TimedOut)]
    [InlineData(5u, CimErrorCode.AccessDenied)]
    [InlineData(0x80070005u, CimErrorCode.AccessDenied)] // denied by COM, before WMI
    [InlineData(0x00040004u, CimErrorCode.TimedOut)] // WBEM_S_TIMEDOUT
    [InlineData(0x80010002u, CimErrorCode.TimedOut)] // RPC_E_CALL_CANCELED: the library's own timeout
    [InlineData(0x00040010u, CimErrorCode.Failed)] // a success code on a failed call
    public void Code_of_the_host_is_normalised(uint host, uint code)
        => MiFailures.CodeOf(MiResult.Failed, host, isCancelled: false).ShouldBe(code);

    [Fact]
    public void Call_that_was_cancelled_here_is_cancelled()
        => MiFailures.CodeOf(MiResult.Failed, 0x80010002, isCancelled: true).ShouldBe(CimErrorCode.CallCancelled);

    [Theory]
    [InlineData(2, CimErrorCode.AccessDenied)]
    [InlineData(3, CimErrorCode.InvalidNamespace)]
    [InlineData(4, CimErrorCode.InvalidParameter)]
    [InlineData(5, CimErrorCode.InvalidClass)]
    [InlineData(6, CimErrorCode.NotFound)]
    [InlineData(13, CimErrorCode.TypeMismatch)]
    [InlineData(15, CimErrorCode.InvalidQuery)]
    [InlineData(16, CimErrorCode.MethodNotImplemented)]
    [InlineData(17, CimErrorCode.InvalidMethod)]
    [InlineData(27, CimErrorCode.QuotaViolation)]
    [InlineData(28, CimErrorCode.ShuttingDown)]
    [InlineData(1, CimErrorCode.Failed)]
    [InlineData(99, CimErrorCode.Failed)]
    public void Result_counts_where_the_host_gives_no_code(int result, uint code)
    {
        MiFailures.CodeOf((MiResult)result, null, isCancelled: false).ShouldBe(code);
        MiFailures.CodeOf((MiResult)result, 0, isCancelled: false).ShouldBe(code);
    }
}

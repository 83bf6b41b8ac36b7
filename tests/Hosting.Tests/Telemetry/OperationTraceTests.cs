using HostAgent.Hosting.Telemetry;

namespace HostAgent.Hosting.Tests.Telemetry;

public sealed class OperationTraceTests
{
    [Fact]
    public void The_trace_of_an_operation_is_its_id_without_the_dashes()
        => OperationTrace.Of(Guid.Parse("8f14e45f-ceea-567f-a0e6-0b1c6a3f9a10")).TraceId.ToHexString().ShouldBe("8f14e45fceea567fa0e60b1c6a3f9a10");

    [Theory]
    [InlineData("https://collector.example:4317", true)]
    [InlineData("http://127.0.0.1:4317", true)]
    [InlineData("http://[::1]:4317", true)]
    [InlineData("http://localhost:4317", true)]
    [InlineData("http://10.0.0.5:4317", false)]
    [InlineData("ftp://127.0.0.1", false)]
    [InlineData("127.0.0.1:4317", false)]
    public void Names_do_not_travel_in_clear(string endpoint, bool isAllowed) => (TelemetryExport.ErrorOf(endpoint) is null).ShouldBe(isAllowed);
}

using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;
using HostAgent.Transport.Tests.Fixtures;

namespace HostAgent.Transport.Tests.Edge;

public sealed class HealthAndReflectionTests : IDisposable
{
    private readonly Pki _pki = new();

    [Theory]
    [InlineData(PeerRole.Agent)]
    [InlineData(PeerRole.Coordinator)]
    [InlineData(PeerRole.Operator)]
    [InlineData(PeerRole.Viewer)]
    public async Task Health_answers_every_role(PeerRole role)
    {
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"));
        var health = new Health.HealthClient(server.Channel(_pki.Identity(role, "caller")));

        var answer = await health.CheckAsync(new HealthCheckRequest(), deadline: Calls.Deadline);

        answer.Status.ShouldBe(HealthCheckResponse.Types.ServingStatus.Serving);
    }

    [Fact]
    public async Task Health_watch_tells_when_the_server_stops()
    {
        var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"));
        await using var _ = server;
        using var call = new Health.HealthClient(server.Channel(_pki.Identity(PeerRole.Viewer, "eve"))).Watch(new HealthCheckRequest(), deadline: Calls.Deadline);
        (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken)).ShouldBeTrue();
        call.ResponseStream.Current.Status.ShouldBe(HealthCheckResponse.Types.ServingStatus.Serving);

        var stopped = server.StopAsync();

        (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken)).ShouldBeTrue();
        call.ResponseStream.Current.Status.ShouldBe(HealthCheckResponse.Types.ServingStatus.NotServing);
        await stopped;
    }

    [Fact]
    public async Task Reflection_lists_the_services()
    {
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"));
        var reflection = new ServerReflection.ServerReflectionClient(server.Channel(_pki.Identity(PeerRole.Viewer, "eve")));
        using var call = reflection.ServerReflectionInfo(deadline: Calls.Deadline);

        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" }, TestContext.Current.CancellationToken);
        (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken)).ShouldBeTrue();

        call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name)
            .ShouldBe(["hyperv.failback.v1.Failback", "grpc.health.v1.Health", "grpc.reflection.v1alpha.ServerReflection", "grpc.reflection.v1.ServerReflection"], ignoreOrder: true);
    }

    public void Dispose() => _pki.Dispose();
}

using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace HostAgent.Transport.Edge;

/// <summary>
/// The health that every server has: it takes calls until it begins to stop. Without any check at all the health service would
/// answer UNKNOWN, which callers take for unhealthy.
/// </summary>
internal sealed class AcceptingCallsCheck(IHostApplicationLifetime lifetime) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        lifetime.ApplicationStopping.IsCancellationRequested
            ? HealthCheckResult.Unhealthy("the server is shutting down")
            : HealthCheckResult.Healthy("the server accepts calls"));
}

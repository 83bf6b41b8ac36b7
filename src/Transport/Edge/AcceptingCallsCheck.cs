using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace HostAgent.Transport.Edge;

/// <summary>
/// The health of every server: it accepts calls until it begins to stop. Without any check the health service would
/// answer UNKNOWN, which callers treat as unhealthy.
/// </summary>
internal sealed class AcceptingCallsCheck(IHostApplicationLifetime lifetime) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        lifetime.ApplicationStopping.IsCancellationRequested
            ? HealthCheckResult.Unhealthy("the server is shutting down")
            : HealthCheckResult.Healthy("the server accepts calls"));
}

using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace HostAgent.Hosting.Telemetry;

/// <summary>
/// Sends traces and metrics to an OpenTelemetry collector (OTLP), where the environment names one by OpenTelemetry's own variables. Without
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> nothing is loaded, listened to or measured.
/// </summary>
public static class TelemetryExport
{
    /// <summary>The variable that turns it on.</summary>
    public const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>The sources and meters of the product, by the beginning of their names.</summary>
    public const string Own = "HostAgent.*";

    /// <summary>Adds it to a server.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="service">The name of the kind of server, for example <c>failback-agent</c>; <c>OTEL_SERVICE_NAME</c> overrides it.</param>
    /// <param name="instance">What tells it from others of its kind: the host's name, or the process's id.</param>
    /// <param name="errors">Receives one line when the endpoint is not allowed.</param>
    public static void Add(WebApplicationBuilder builder, string service, string instance, IList<string> errors)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(errors);
        if (builder.Configuration[Endpoint] is not { Length: > 0 } endpoint)
        {
            return;
        }

        if (ErrorOf(endpoint) is { } error)
        {
            errors.Add(error);
            return;
        }

        AddExporters(builder.Services, service, instance);
    }

    /// <summary>Sends the spans of a program that is no server; null when the environment asks for none. What is left is sent when it is disposed.</summary>
    /// <param name="variable">Reads a variable of the environment.</param>
    /// <param name="service">The program's name.</param>
    /// <exception cref="StartException">The endpoint is not allowed.</exception>
    public static IDisposable? Start(Func<string, string?> variable, string service)
    {
        ArgumentNullException.ThrowIfNull(variable);
        if (variable(Endpoint) is not { Length: > 0 } endpoint)
        {
            return null;
        }

        return ErrorOf(endpoint) is { } error ? throw new StartException([error]) : StartTracing(service);
    }

    /// <summary>Why telemetry is not sent to an address; null when it is.</summary>
    public static string? ErrorOf(string endpoint)
        => !Uri.TryCreate(endpoint, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")
            ? $"{Endpoint} is \"{endpoint}\"; it must be an address such as https://collector.example:4317."
            : address.Scheme == Uri.UriSchemeHttp && !IsLoopback(address)
                ? $"{Endpoint} is \"{endpoint}\"; it must be https, because names of hosts and machines would be read on the way. http is allowed to this machine only."
                : null;

    private static bool IsLoopback(Uri address) => address.IsLoopback || (IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip));

    // Methods of their own: the libraries are loaded when one runs.
    private static TracerProvider StartTracing(string service) => Sdk.CreateTracerProviderBuilder()
        .ConfigureResource(resource => resource.AddService(service, serviceNamespace: "failback").AddEnvironmentVariableDetector())
        .AddSource(Own).AddGrpcClientInstrumentation().AddOtlpExporter().Build();

    private static void AddExporters(IServiceCollection services, string service, string instance) => services.AddOpenTelemetry()
        .ConfigureResource(resource => resource.AddService(service, serviceNamespace: "failback", serviceInstanceId: instance).AddEnvironmentVariableDetector())
        .WithTracing(tracing => tracing.AddSource(Own).AddAspNetCoreInstrumentation().AddGrpcClientInstrumentation().AddOtlpExporter())
        .WithMetrics(metrics => metrics.AddMeter(Own).AddMeter("Microsoft.AspNetCore.Server.Kestrel").AddAspNetCoreInstrumentation().AddRuntimeInstrumentation().AddOtlpExporter());
}

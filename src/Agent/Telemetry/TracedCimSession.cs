using System.Diagnostics;
using System.Globalization;
using HostAgent.HyperV.Cim;

namespace HostAgent.Agent.Telemetry;

/// <summary>A session whose methods are spans and measurements. Reads are not: a report of one machine makes dozens of them.</summary>
internal sealed class TracedCimSession(ICimSession session, TimeProvider time) : ICimSession
{
    public string Namespace => session.Namespace;

    public Task<CimInstance?> GetInstanceAsync(CimObjectPath path, CancellationToken cancellationToken) => session.GetInstanceAsync(path, cancellationToken);

    public Task<IReadOnlyList<CimInstance>> ListInstancesAsync(string className, IReadOnlyList<CimFilter> filters, CancellationToken cancellationToken)
        => session.ListInstancesAsync(className, filters, cancellationToken);

    public Task<IReadOnlyList<CimInstance>> ListAssociatorsAsync(CimObjectPath source, string associationClass, string resultClass, CancellationToken cancellationToken)
        => session.ListAssociatorsAsync(source, associationClass, resultClass, cancellationToken);

    public async Task<CimMethodResult> InvokeMethodAsync(CimObjectPath target, string methodName, IReadOnlyDictionary<string, object?> inputs, CancellationToken cancellationToken)
    {
        var method = $"{target.ClassName}.{methodName}";
        using var span = AgentTelemetry.StartPart(method, ActivityKind.Client);
        var began = time.GetTimestamp();
        string? error = null;
        try
        {
            var result = await session.InvokeMethodAsync(target, methodName, inputs, cancellationToken);
            span?.SetTag("failback.host.return_code", result.ReturnValue);
            return result;
        }
        catch (Exception exception)
        {
            error = exception is CimException cim ? string.Create(CultureInfo.InvariantCulture, $"0x{(int)cim.ErrorCode:X8}") : exception.GetType().Name;
            span?.SetStatus(ActivityStatusCode.Error, exception.Message).SetTag("error.type", error);
            throw;
        }
        finally
        {
            var tags = new TagList { { "failback.host.method", method } };
            if (error is not null)
            {
                tags.Add("error.type", error);
            }

            AgentTelemetry.Calls.Record(time.GetElapsedTime(began).TotalSeconds, tags);
        }
    }

    public IAsyncEnumerable<CimInstanceEvent> WatchInstancesAsync(string className, TimeSpan within, CancellationToken cancellationToken)
        => session.WatchInstancesAsync(className, within, cancellationToken);

    public ValueTask DisposeAsync() => session.DisposeAsync();
}

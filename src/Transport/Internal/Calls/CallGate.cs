using HostAgent.Transport.Internal.Connections;
using Microsoft.AspNetCore.Http;

namespace HostAgent.Transport.Internal.Calls;

/// <summary>What every request passes before its body is read.</summary>
internal static class CallGate
{
    public static async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<LiveConnection>() is not { } connection)
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        // A call ends with the right to make it.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, connection.Ending);
        context.RequestAborted = ending.Token;
        await next(context).ConfigureAwait(false);
    }
}

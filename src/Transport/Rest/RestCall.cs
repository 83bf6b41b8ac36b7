using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Status = Google.Rpc.Status;

namespace HostAgent.Transport.Rest;

/// <summary>
/// One request as the gRPC call that it means. The call goes the whole way of any other, so whatever holds for those holds here: roles, quotas,
/// limits, errors, audit. The request is read when the call asks for its message, which is after roles and quotas.
/// </summary>
internal sealed class RestCall(RestRoute route, string pathValue, HttpContext outer)
{
    private const string Grpc = "application/grpc";
    private const string Timeout = "grpc-timeout";

    public async Task RunAsync(RequestDelegate next)
    {
        var inner = new DefaultHttpContext(new FeatureCollection(outer.Features)) { RequestServices = outer.RequestServices };
        var answer = new MessageStream(route, outer);
        var trailers = new Trailers();
        inner.Features.Set<IHttpRequestFeature>(Request());
        inner.Features.Set<IRequestBodyPipeFeature>(new RequestBodyPipeFeature(inner));
        inner.Features.Set<IHttpResponseFeature>(new HttpResponseFeature());
        var body = new StreamResponseBodyFeature(answer);
        inner.Features.Set<IHttpResponseBodyFeature>(body);
        inner.Features.Set<IHttpResponseTrailersFeature>(trailers);
        inner.Features.Set<IHttpResetFeature>(trailers);
        inner.Features.Set<IHttpRequestLifetimeFeature>(new Lifetime(outer));
        await next(inner).ConfigureAwait(false);
        await body.CompleteAsync().ConfigureAwait(false);
        await answer.EndAsync(StatusOf(inner.Response.Headers) ?? StatusOf(trailers.Fields)).ConfigureAwait(false);
    }

    private HttpRequestFeature Request()
    {
        var headers = new HeaderDictionary { ["content-type"] = Grpc, ["te"] = "trailers" };
        if (outer.Request.Headers.TryGetValue(Timeout, out var timeout))
        {
            headers[Timeout] = timeout;
        }

        var path = $"/{route.Method.Service.FullName}/{route.Method.Name}";
        return new HttpRequestFeature
        {
            Protocol = HttpProtocol.Http2,
            Scheme = outer.Request.Scheme,
            Method = HttpMethods.Post,
            Path = path,
            RawTarget = path,
            Headers = headers,
            Body = new LazyRequest(cancellationToken => RestRequest.ReadAsync(route, pathValue, outer.Request, cancellationToken)),
        };
    }

    private static Status? StatusOf(IHeaderDictionary headers)
    {
        if (!int.TryParse(headers["grpc-status"], NumberStyles.None, CultureInfo.InvariantCulture, out var code))
        {
            return null;
        }

        return headers.TryGetValue("grpc-status-details-bin", out var details)
            ? Status.Parser.ParseFrom(Convert.FromBase64String(details.ToString()))
            : new Status { Code = code, Message = Uri.UnescapeDataString(headers["grpc-message"].ToString()) };
    }

    /// <summary>Ends the call's own waiting and leaves the caller's connection alone, on which the answer is still to be written.</summary>
    private sealed class Trailers : IHttpResponseTrailersFeature, IHttpResetFeature
    {
        IHeaderDictionary IHttpResponseTrailersFeature.Trailers { get; set; } = new HeaderDictionary();

        public IHeaderDictionary Fields => ((IHttpResponseTrailersFeature)this).Trailers;

        public void Reset(int errorCode)
        {
            // The gRPC server resets a stream whose answer is complete; the answer to the caller is not.
        }
    }

    private sealed class Lifetime(HttpContext outer) : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get; set; } = outer.RequestAborted;

        public void Abort() => outer.Abort();
    }
}


namespace HostAgent.Transport.Internal;

/// <summary>Explains why a request got no answer, here where the address is still known.</summary>
internal sealed class ExplainingHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException failure)
        {
            throw ConnectionFailure.Explain(request.RequestUri!.GetLeftPart(UriPartial.Authority), failure);
        }
    }
}

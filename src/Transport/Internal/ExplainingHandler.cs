using System.Security.Cryptography.X509Certificates;


namespace HostAgent.Transport.Internal;

/// <summary>Explains why a request got no answer, here where the address is still known.</summary>
internal sealed class ExplainingHandler(HttpMessageHandler inner, X509Certificate2 own, EarlyEndings endings) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var endingsBefore = endings.Count;
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException failure)
        {
            var address = request.RequestUri!.GetLeftPart(UriPartial.Authority);
            throw endings.Count > endingsBefore
                ? ConnectionFailure.OwnCertificateRefused(address, own, endings.LatestCause ?? failure)
                : ConnectionFailure.Explain(address, failure);
        }
    }
}

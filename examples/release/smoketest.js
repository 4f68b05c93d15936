// Asks the new tasks for the path in the hook's details, before any other request comes to them.
exports.handler = async (event) => {
  const response = await fetch(process.env.ADDRESS + event.hookDetails.path, { signal: AbortSignal.timeout(10_000) });
  return { hookStatus: response.status < 500 ? 'SUCCEEDED' : 'FAILED' };
};

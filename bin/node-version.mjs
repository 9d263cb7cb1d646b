/** Whether this Node runs TypeScript by itself: 22.18 and later of 22, 23.6 and later. (nodejs.org/api/typescript.html, History) */
export function stripsTypes(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18);
}

/** The one element name that we put on a page. What is in it lies in a closed shadow root, out of the page's reach. */
export const ISLAND = 'tokenleash-ui';

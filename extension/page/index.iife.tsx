import { begin } from './mechanism/begin.ts';

begin(window);
